"""Files that are sent at once: no place, form or organisation gets more than it may (F4)."""

import pytest
from django.conf import settings
from django.test import override_settings

from kczg.kit.models import StoredFile
from kczg.kit.storage import private_storage
from kczg.kit.verdicts import Verdict
from nominations.models import Attachment
from tests import cast, files
from tests.nominations.attaching import draft, manager, send
from tests.races import crowd

pytestmark = [
    pytest.mark.races,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "sqlite" in settings.DATABASES["default"]["ENGINE"], reason="SQLite has no rows to lock"
    ),
]


def test_F4_a_place_of_five_takes_five_of_eight(season):
    nomination = manager()
    answers = crowd.together([lambda: send(cast.reread(nomination), "skills_files")] * 8)
    assert sum(isinstance(answer, Attachment) for answer in answers) == 5
    assert {a.code for a in answers if isinstance(a, Verdict)} == {"too_many_files"}
    assert Attachment.objects.count() == StoredFile.objects.count() == 5
    held = {f"quarantine/{name}" for name in private_storage().listdir("quarantine")[1]}
    assert set(StoredFile.objects.values_list("key", flat=True)) <= held


@pytest.mark.parametrize("setting", ["FORM_FILES_MAX_BYTES", "UNIT_FILES_MAX_BYTES"])
def test_F4_the_bytes_of_a_form_and_of_a_unit_hold_under_parallel_uploads(season, setting):
    nominations = [draft(), draft()] if setting == "UNIT_FILES_MAX_BYTES" else [draft()] * 2
    limit = 3 * len(files.pdf()) + 1
    with override_settings(**{setting: limit}):
        deeds = [lambda n=n: send(cast.reread(n)) for n in nominations for _ in range(4)]
        answers = crowd.together(deeds)
    assert sum(isinstance(answer, Attachment) for answer in answers) == 3
    assert sum(StoredFile.objects.values_list("size", flat=True)) <= limit
