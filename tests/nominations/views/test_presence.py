"""Two people of one organisation at one form see who else writes, as long as that is so, and nobody else does."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from accounts.models import Membership
from accounts.roles import Role
from nominations import presence
from nominations.actions import applicant as actions
from tests import cast

pytestmark = pytest.mark.django_db
AT = cast.DURING_CALL


def words(answer) -> str:
    return answer.content.decode()


def signed_in(key: str) -> Client:
    client = Client(REMOTE_ADDR=cast.ADDRESS)
    client.force_login(cast.cast(key))
    return client


@pytest.fixture
def nomination(season):
    cache.clear()
    yield cast.reread(cast.draft(at=AT - timedelta(hours=1)))
    cache.clear()


@pytest.fixture
def address(nomination):
    return f"/nominations/{nomination.number}/introduction/"


def test_each_sees_who_else_is_at_the_page_and_for_a_minute_only(nomination, address):
    with time_machine.travel(AT, tick=False):
        first, second = signed_in("applicant"), signed_in("colleague")
        assert "也在填写" not in words(first.get(address))
        assert "李静也在填写此页（一、技术介绍" in words(second.get(address))
        told = first.post(f"{address}present/")
        assert told.json()["words"].startswith("周岩也在填写此页（一、技术介绍")
        tasks = words(first.get(f"/nominations/{nomination.number}/"))
        assert "周岩正在填写“一、技术介绍" in tasks
        assert "李静正在填写" not in tasks
        elsewhere = first.get(f"/nominations/{nomination.number}/team/")
        assert "周岩正在填写“一、技术介绍" in words(elsewhere)
    with time_machine.travel(AT + timedelta(seconds=74), tick=False):
        assert "周岩" in first.post(f"{address}present/").json()["words"]
    with time_machine.travel(AT + timedelta(seconds=76), tick=False):
        assert first.post(f"{address}present/").json() == {"words": ""}


def test_a_save_keeps_one_present(nomination, address):
    with time_machine.travel(AT, tick=False):
        typed = {"version": str(nomination.section_version("introduction")), "changed": "introduction_text",
                 "introduction_text": "改写"}  # fmt: skip
        assert signed_in("colleague").post(f"{address}autosave/", typed).status_code == 200
        cache.clear()
        assert "周岩也在填写此页" in words(signed_in("applicant").get(address))


def test_R2_R3_without_a_cache_pages_work_and_savers_are_still_told(nomination, address, monkeypatch):
    def down(*_args, **_kwargs):
        raise ConnectionError("no cache")

    monkeypatch.setattr(cache, "set", down)
    monkeypatch.setattr(cache, "get_many", down)
    with time_machine.travel(AT, tick=False):
        by = cast.acting(cast.cast("colleague"), Role.APPLICANT)
        actions.save_draft(
            nomination,
            "introduction",
            {"introduction_text": "改写"},
            nomination.section_version("introduction"),
            by,
            AT,
        )
        page = signed_in("applicant").get(address)
        assert page.status_code == 200
        assert "周岩也在填写此页" in words(page)
        assert signed_in("applicant").post(f"{address}present/").status_code == 200


def test_S3_a_stranger_neither_learns_nor_leaves_anything(nomination, address):
    with time_machine.travel(AT, tick=False):
        signed_in("colleague").get(address)
        stranger = signed_in("stranger")
        assert stranger.post(f"{address}present/").status_code == 404
        assert stranger.post(f"/nominations/{nomination.number}/nowhere/present/").status_code == 404
        assert "何晓波" not in words(signed_in("applicant").get(address))


def test_S6_who_lost_the_right_is_told_no_more(nomination, address):
    with time_machine.travel(AT, tick=False):
        signed_in("colleague").get(address)
        Membership.objects.filter(user=cast.cast("colleague")).update(is_active=False)
        assert "周岩也在" not in words(signed_in("applicant").get(address))


def test_after_the_gate_nobody_is_present(nomination, address):
    with time_machine.travel(cast.GATE, tick=False):
        signed_in("colleague").post(f"{address}present/")
        assert presence.others(nomination, cast.cast("applicant"), cast.GATE) == []


def test_A5_the_cache_holds_no_name(nomination, address, monkeypatch):
    kept = []
    monkeypatch.setattr(cache, "set", lambda *given: kept.append(given))
    with time_machine.travel(AT, tick=False):
        signed_in("colleague").get(address)
    ours = [given for given in kept if given[0].startswith("present:")]
    assert len(ours) == 1
    assert "周岩" not in repr(ours) and "zhouyan" not in repr(ours)
