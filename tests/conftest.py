"""What every test starts from: real servers, found or started before Django reads its settings."""

import os

from tests import servers

servers.prepare()
os.environ["DJANGO_SETTINGS_MODULE"] = "kczg.settings"

import django  # noqa: E402
import pytest  # noqa: E402

django.setup()

DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_setup"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what needs the database, so that ``script/test fast`` can leave it out."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & DATABASE_FIXTURES:
            item.add_marker("database")
