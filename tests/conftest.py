"""What every test starts from: real servers, found or started before Django reads its settings."""

import os

from tests import servers

servers.prepare()
os.environ["DJANGO_SETTINGS_MODULE"] = "kczg.settings"

import django  # noqa: E402
import pytest  # noqa: E402

django.setup()

# pytest-xdist's workers inherit the environment, and with this name in it pytest-django would read the settings
# before servers.prepare() has given the worker a queue and a store of its own.
os.environ.pop("DJANGO_SETTINGS_MODULE")

DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_setup"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what needs the database, so that ``script/test fast`` can leave it out."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & DATABASE_FIXTURES:
            item.add_marker("database")


# --- The cast ----------------------------------------------------------------------------------------------

from tests import cast  # noqa: E402
from tests.browser import chromium  # noqa: E402, F401


def _of_the_cast(key: str):
    @pytest.fixture(name=key)
    def give(db):
        return cast.cast(key)

    give.__doc__ = f"{cast.PEOPLE[key][1]}, {cast.PEOPLE[key][3]}."
    return give


applicant = _of_the_cast("applicant")
colleague = _of_the_cast("colleague")
stranger = _of_the_cast("stranger")
unit_person = _of_the_cast("unit_person")
handler = _of_the_cast("handler")
other_unit_person = _of_the_cast("other_unit_person")
body_person = _of_the_cast("body_person")
other_body_person = _of_the_cast("other_body_person")
office_a = _of_the_cast("office_a")
office_b = _of_the_cast("office_b")
admin = _of_the_cast("admin")


@pytest.fixture
def season(db):
    """The season of 2022 as printed."""
    return cast.season_2022()


@pytest.fixture
def ranking(season):
    """先导技术榜."""
    return cast.ranking()


@pytest.fixture
def track(season):
    """先导技术榜（电子信息）."""
    return cast.track()


@pytest.fixture
def unit(season):
    """中国电子学会: one channel, three places a track."""
    return cast.unit()


@pytest.fixture
def expert_a(season):
    """吴志远, taken in by the body of 电子信息, as a user."""
    return cast.expert("expert_a").user


@pytest.fixture
def expert_b(season):
    """郑海涛, taken in by the body of 电子信息, as a user."""
    return cast.expert("expert_b").user


def _on_its_way(state: str):
    @pytest.fixture(name=str(state))
    def give(season):
        return cast.BUILDERS[state]()

    give.__doc__ = f"A nomination that is {state}, brought there by the real actions."
    return give


draft = _on_its_way("draft")
submitted = _on_its_way("submitted")
returned = _on_its_way("returned")
recommended = _on_its_way("recommended")
declined = _on_its_way("declined")
withdrawn = _on_its_way("withdrawn")
accepted = _on_its_way("accepted")
in_review = _on_its_way("in_review")
shortlisted = _on_its_way("shortlisted")
published = _on_its_way("published")


@pytest.fixture
def sound(db):
    """After the test all rows are sound: what check_invariants recounts (A1)."""
    yield
    from kczg.kit import invariants

    assert list(invariants.faults()) == []
