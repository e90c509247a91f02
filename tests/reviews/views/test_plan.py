"""The pages of a plan: templates, groups, levels and ties, filings with their changes, and what holds once scores are in."""

import pytest

from kczg.kit import outbox
from kczg.kit.models import Job
from reviews import queries
from reviews.actions import preliminary, results
from reviews.forms.plan import PlanForm
from reviews.forms.plan_templates import TEMPLATES
from reviews.models import BodyExpert, ReviewPlan
from reviews.outputs import plan_changes
from tests import cast
from tests.reviews.test_preliminary import draft_plan, refusal
from tests.reviews.test_recipe_of_a_track import mark
from tests.reviews.views.test_body import plan_data, words

GROUPS = {
    "groups-0-key": "g2", "groups-0-name": "产业专家", "groups-0-weight": "40",
    "groups-1-key": "", "groups-1-name": "技术专家", "groups-1-weight": "50",
}  # fmt: skip


def filled(**more):
    return {**plan_data(**{"criteria-1-weight": "40"}), **more}


def test_every_ranking_has_a_template_that_could_be_filed(season):
    assert set(TEMPLATES) == set(season.rankings.values_list("key", flat=True))
    for template in TEMPLATES.values():
        fields = {key: value for key, value in template.items() if key != "criteria"}
        plan = ReviewPlan(
            **fields, criteria=[{"key": f"c{n}", **c} for n, c in enumerate(template["criteria"])]
        )
        assert preliminary.plan_problems(plan) == []


def test_a_plan_starts_from_the_template_or_from_the_usual_levels(body, track):
    page = words(body.get("/body/plan/"))
    assert "从样例开始" in page
    assert all(f'value="{word}"' in page for word in ("优秀", "良好", "一般", "较差"))
    page = words(body.get("/body/plan/", {"start": "template", "track": track.pk}))
    assert "技术专家不少于三分之二" in page
    assert 'value="trimmed" selected' in page
    assert not ReviewPlan.objects.exists()


def test_groups_levels_and_ties_are_kept(body, track):
    more = {
        "levels-0-word": "合格", "levels-0-least": "60", "levels-1-word": "优秀", "levels-1-least": "90",
        "tie_1": "median", "tie_2": "", "tie_3": "spread", "blind": "on", "meeting": "on",
    }  # fmt: skip
    body.post("/body/plan/", {**filled(**GROUPS, **more), "save_draft": "1"})
    plan = ReviewPlan.objects.get()
    assert plan.expert_groups == [
        {"key": "g2", "name": "产业专家", "weight": 40},
        {"key": "g1", "name": "技术专家", "weight": 50},
    ]
    assert plan.scale_words == [{"word": "优秀", "least": 90}, {"word": "合格", "least": 60}]
    assert (plan.ties, plan.blind, plan.meeting) == (["median", "spread"], True, True)
    page = words(body.get("/body/plan/"))
    assert 'name="groups-0-key" value="g2"' in page
    assert 'value="合格"' in page


@pytest.mark.parametrize(
    ("typed", "said", "link"),
    [
        (GROUPS, "专家类别：权重合计应为100，现为90，还差10", "#groups"),
        ({}, "按专家类别加权时，至少设2个专家类别", "#groups"),
        (
            {"levels-0-word": "优", "levels-0-least": "60", "levels-1-word": "良", "levels-1-least": "60"},
            "等级说明中有两个等级的下限相同",
            "#levels",
        ),
        ({"levels-0-word": "优", "levels-0-least": "九十"}, "不低于满分的（%）应为0—100之间的整数", "least"),
        ({"tie_1": "median", "tie_3": "median"}, "同分处理的各项不能重复", "#id_tie_1"),
    ],
)
def test_what_is_wrong_is_said_beside_its_rows(body, track, typed, said, link):
    answer = body.post("/body/plan/", {**filled(recipe="weighted", **typed), "file": "1"})
    assert answer.status_code == 422
    assert said in words(answer)
    assert link in words(answer)
    assert "分三步开展初评" in words(answer)


def test_any_kind_of_row_comes_and_goes_without_script(body, track):
    page = words(body.post("/body/plan/", {**filled(**GROUPS), "add_row": "groups"}))
    assert 'name="groups-2-name"' in page
    page = words(body.post("/body/plan/", {**filled(**GROUPS), "remove_row": "groups-0"}))
    assert ('value="产业专家"' in page, 'value="技术专家"' in page) == (False, True)
    assert PlanForm.unjudged({}, add="nonsense").rows_of["groups"] == []


def test_a_later_filing_says_what_it_changes_and_what_it_does_not(body, browser, office_a, in_review, track):
    mark("expert_a")
    plan = draft_plan(track, recipe="median", shortlist=5, work_plan="分四步")
    page = words(body.get("/body/plan/file/"))
    assert "已有1份评分，评分仍按第1稿方案" in page
    preliminary.file_plan(plan, cast.body_actor(), cast.IN_PRELIMINARY)
    office = browser(office_a)
    page = words(office.get(f"/office/plans/{plan.pk}/"))
    for said in (
        "与已备案的第1稿的不同",
        "已有1份评分，评分仍按第1稿方案",
        "评分不随之改变",
        "改动4处",
        "中位数",
    ):
        assert said in page
    assert queries.recipe_digest(plan) in page
    office.post(f"/office/plans/{plan.pk}/", {"decision": "send_back", "note": "说明改动理由"})
    page = words(body.get("/body/plan/"))
    assert page.count("说明改动理由") == 2  # above the form, and in the list of filings
    assert "报送备案" in page


def test_changes_are_named_part_by_part(track):
    old = ReviewPlan(work_plan="甲", criteria=cast.CRITERIA, recipe="mean", shortlist=10)
    new = ReviewPlan(work_plan="甲", criteria=cast.CRITERIA[:2], recipe="mean", shortlist=5, blind=True)
    found = plan_changes.changes(old, new)
    assert [(c.key, c.follows_first_score) for c in found] == [
        ("criteria", True), ("shortlist", False), ("blind", True),
    ]  # fmt: skip
    assert (found[1].change.before, found[1].change.after) == ("10", "5")
    assert plan_changes.changes(old, old) == []


def test_both_sides_are_told(track):
    plan = cast.filed_plan()
    preliminary.decide_plan(plan, False, "补充回避办法", cast.office(), cast.IN_PRELIMINARY)
    for job in Job.objects.filter(kind="review_mail"):
        outbox.run(job.pk)
    from accounts.models import Notice

    told = {(notice.kind, notice.person.username) for notice in Notice.objects.select_related("person")}
    assert ("plan_decided", cast.cast("body_person").username) in told
    assert ("plan_filed", cast.cast("office_a").username) in told
    assert "补充回避办法" in Notice.objects.get(kind="plan_decided").text


def test_scores_without_a_group_hinder_the_close_where_groups_weigh(in_review, track):
    ReviewPlan.objects.update(
        recipe="weighted",
        expert_groups=[{"key": "g1", "name": "甲", "weight": 60}, {"key": "g2", "name": "乙", "weight": 40}],
    )
    cast.score_all()
    verdict = refusal(results.close_scores, track, cast.body_actor(), cast.IN_PRELIMINARY)
    assert "未归入方案的专家类别" in verdict.details["items"][0]
    BodyExpert.objects.update(group="g2")
    results.close_scores(track, cast.body_actor(), cast.IN_PRELIMINARY)
