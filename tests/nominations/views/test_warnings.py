"""A warning goes along: what looked like a slip on the applicant's page is told to the unit and to the body."""

from __future__ import annotations

from dataclasses import replace

import pytest
import time_machine

from accounts.roles import Role
from nominations.actions import applicant as actions
from tests import cast
from tests.nominations.rankings.samples import full
from tests.nominations.views.test_eligibility import begun

pytestmark = pytest.mark.django_db
INTENSITY = "2021年研发经费投入强度填报为1.76%，按金额计算为17.6%，核对是否一致"
JUMP = "研发经费投入强度2020年为18.5，2021年为1.76，相差10倍以上，核对是否填错单位"


def words(answer) -> str:
    return answer.content.decode()


def test_a_warning_is_told_to_applicant_unit_and_body(client, season):
    research = full("emerging_enterprise")["research_years"] | {"intensity": ["18.5", "1.76", "17.5"]}
    nomination = begun("emerging_enterprise", research_years=research)
    with time_machine.travel(cast.DURING_CALL, tick=False):
        client.force_login(cast.cast("applicant"))
        assert INTENSITY in words(client.get(f"/nominations/{nomination.number}/research/"))
        page = words(client.get(f"/nominations/{nomination.number}/check/"))
        assert INTENSITY in page and JUMP in page
        actions.submit(nomination, cast.acting(cast.cast("applicant")), cast.DURING_CALL, promised=True)
        client.force_login(cast.cast("unit_person"))
        page = words(client.get(f"/unit/nominations/{nomination.number}/"))
        assert INTENSITY in page and JUMP in page
        cast.recommend(cast.reread(nomination))
    body = cast.person("bodyofit", "初评人", Role.BODY, nomination.track.bodies.get().organisation.name)
    client.force_login(body)
    with time_machine.travel(cast.IN_PRELIMINARY, tick=False):
        page = words(client.get(f"/body/check/{nomination.number}/?track={nomination.track_id}"))
        assert INTENSITY in page and JUMP in page
    client.force_login(cast.cast("office_a"))
    assert INTENSITY in words(client.get(f"/office/nominations/{nomination.number}/"))


def test_every_place_where_a_warning_is_told_shows_warnings():
    from django.template.loader import render_to_string

    from nominations.answers import walk
    from nominations.fields.base import Problem
    from nominations.rankings import DECLARATIONS

    for form in DECLARATIONS.values():
        told = {check.questions[0] for check in form.checks if check.kind == "warning"}
        figures = {q.key for q in form.questions() if q.kind in ("decimal", "integer", "percent", "signed")}
        category = next((option.label for option in form.categories), "")
        for item in walk(form, {}, category=category, season_year=2022).items:
            if item.question.key in told | figures:
                warned = replace(item, warnings=(Problem(item.question.key, "x", "核对这一处"),))
                assert "核对这一处" in render_to_string(item.page_template, {"item": warned}), (
                    item.question.key
                )
