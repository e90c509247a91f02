"""S2: every address has a rule and every rule an address; each person gets what the rule says and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
import time_machine
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from kczg.kit.doors import PUBLIC, SIGNED_IN
from kczg.kit.models import Job
from nominations.models import Stage
from reviews.models import (
    Assignment,
    BodyExpert,
    PreliminaryResult,
    PublicNotice,
    PublishedList,
    ReviewPlan,
)
from tests import cast, quota_panel, stamping
from tests.authz import matrix
from tests.authz.knocking import LOGIN, knock, person
from tests.reviews import assigning, meetings
from tests.reviews.serving import uploaded_experts

REFUSED = 404
"""Another's thing, a missing one and an address of another role read alike (S3)."""

LOGIN_PAGE = "/login/?next="


def addresses(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the product by its full name."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from addresses(entry, inner)
        else:
            yield f"{space}{entry.name or entry.pattern}", entry


ALL = dict(addresses(get_resolver()))
OURS = {name: entry for name, entry in ALL.items() if not name.startswith(matrix.ADMIN_SITE)}


def test_S2_every_address_has_a_rule_and_every_rule_an_address():
    assert set(OURS) - set(matrix.RULES) == set(), "addresses without a rule"
    assert set(matrix.RULES) - set(OURS) == set(), "rules without an address"


@pytest.mark.parametrize("name", OURS)
def test_S2_every_view_has_a_door_that_fits_its_rule(name):
    door = getattr(OURS[name].callback, "door", None)
    assert door, "a view without a door"
    who = set(matrix.RULES[name].who)
    assert (door == PUBLIC) == (matrix.ANONYMOUS in who)
    if door == SIGNED_IN:
        assert matrix.ANONYMOUS not in who


@pytest.fixture
def world(season, settings):
    """A nomination that went the whole way, and one of each thing that has an address."""
    nomination = cast.published()
    cast.unit_of_two_channels()
    user = cast.cast("applicant")
    return SimpleNamespace(
        nomination=nomination,
        unit=nomination.unit,
        member=cast.cast("unit_person").memberships.get(),
        invitation=cast.invitation(cast.IN_PUBLICATION),
        units_import=cast.units_import(),
        assignments_import=assigning.assignments_import(),
        sheet=Assignment.objects.get(expert__user__username=cast.EXPERTS["expert_a"]["email"]),
        serving=BodyExpert.objects.get(expert__user__username=cast.EXPERTS["expert_a"]["email"]),
        experts_import=uploaded_experts(),
        plan=ReviewPlan.objects.get(),
        notice=PublicNotice.objects.get(),
        result=PreliminaryResult.objects.get(),
        published=PublishedList.objects.get(),
        unit_import=cast.unit_import(nomination),
        twin=cast.twin_of(nomination),
        selection=cast.selection(nomination),
        meeting=meetings.planned(),
        stage=Stage.objects.get(key="call"),
        extension=cast.extension(),
        quota_change=cast.quota_change(),
        closing=cast.closing(),
        scan=stamping.keep_scan(nomination.versions.last()).files.get().file.public_id,
        list_import=cast.list_import(),
        told=cast.told(nomination),
        job=Job.objects.create(
            key="matrix:1",
            kind="form_pdf",
            args={"version_id": nomination.versions.last().pk},
            owner=user,
            owed_at=cast.DURING_CALL,
        ),
    )


@pytest.mark.django_db
def test_S1_S3_each_person_gets_what_the_rules_say(world):
    """Whoever is let in asks for the page as a browser does; whoever isn't knocks at the view itself."""
    at, wrong = cast.IN_PUBLICATION, []
    paths = {name: reverse(name, kwargs=rule.args(world)) for name, rule in matrix.RULES.items()}
    with time_machine.travel(at, tick=False):
        for who in matrix.PEOPLE:
            user, client = person(who), Client()
            if who != matrix.ANONYMOUS:
                client.force_login(user)
            for name, rule in matrix.RULES.items():
                if who in rule.who:
                    got = client.get(paths[name])
                    if got.status_code not in rule.get or got.headers.get("Location", "").startswith(
                        LOGIN_PAGE
                    ):
                        wrong.append(f"{who}: GET {paths[name]} ({name}): {got.status_code}")
                    elif name.startswith("nominations:unit_") and who == "unit_person" and _lacks_quota(got):
                        wrong.append(f"{paths[name]} doesn't show the unit's quota")
                    continue
                for method in ("get", "post"):
                    status = knock(user, method, paths[name], {}, at)
                    if not _refused(rule, who, method, status):
                        wrong.append(f"{who}: {method} {paths[name]} ({name}): {status}")
    assert wrong == []


def _lacks_quota(answer) -> bool:
    """Whether it is a page of the unit without used, limit and left of each track."""
    is_page = answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
    return is_page and len(quota_panel.figures(answer.content.decode())) != 10


def _refused(rule: matrix.Rule, who: str, method: str, status: int) -> bool:
    if who == matrix.ANONYMOUS:
        return status == LOGIN
    # A method that the address doesn't know may be answered before the thing is looked for; it tells nothing.
    other_method = 405 in rule.get if method == "get" else rule.get != matrix.POST_ONLY
    return status == REFUSED or (other_method and status == 405)


@pytest.mark.django_db
def test_S5_the_admin_site_opens_to_the_administrator_alone(client, world):
    for who in (who for who in matrix.PEOPLE if who not in matrix.ADMIN):
        client.logout()
        if who != matrix.ANONYMOUS:
            client.force_login(person(who))
        for path in (
            "/admin/",
            "/admin/nominations/nomination/",
            f"/admin/nominations/nomination/{world.nomination.pk}/change/",
        ):
            assert client.get(path).status_code in (302, 404), (who, path)


@pytest.mark.django_db
def test_S5_the_administrator_reads_and_changes_nothing(client, world):
    client.force_login(cast.cast("admin"))
    assert client.get("/admin/").status_code == 200
    path = f"/admin/nominations/nomination/{world.nomination.pk}/change/"
    page = client.get(path)
    assert page.status_code == 200
    assert "technology_name" not in page.content.decode()
    assert client.post(path, {"state": "draft"}).status_code == 403
