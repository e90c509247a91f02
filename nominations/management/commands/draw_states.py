"""manage.py draw_states: writes docs/states.md from the table of moves."""

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation

from nominations.outputs.diagram import states_page


class Command(BaseCommand):
    help = "Draws docs/states.md from nominations/states.py."

    def handle(self, *args, **options):
        path = settings.BASE_DIR / "docs" / "states.md"
        with translation.override("zh-hans"):
            path.write_text(states_page(), encoding="utf-8")
        self.stdout.write(f"{path.relative_to(settings.BASE_DIR)}")
