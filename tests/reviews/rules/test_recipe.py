"""The recipe: figures worked out by hand, ties, the line of the shortlist, and what must hold for any scores."""

import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews.rules import recipe
from reviews.rules.recipe import Part, Recipe, Sheet, apply

CRITERIA = (Part("c1", "技术先进性", 40), Part("c2", "产业带动性", 35), Part("c3", "转化可行性", 25))
GROUPS = (Part("g1", "技术专家", 60), Part("g2", "产业专家", 40))
ONE = (Part("c1", "总评", 100),)
MEAN = Recipe("mean", 100, CRITERIA)


def flat(kind, ties=(), groups=()):
    """A recipe of one criterion, so that a sheet's total is its score."""
    return Recipe(kind, 100, ONE, ties, groups)


def sheets(**of):
    """``a=[80, "90@g1"]``: the sheets of nomination a by experts 1, 2, …; @ names the group."""
    return [
        Sheet(key, str(n), str(mark).partition("@")[2], {"c1": Decimal(str(mark).partition("@")[0])})
        for key, marks in of.items()
        for n, mark in enumerate(marks, start=1)
    ]


def figure(by, *marks):
    return str(apply(by, sheets(a=marks), 1)[0].figure)


def placed(by, given, shortlist=10):
    return [(row.nomination, row.rank, row.tied, row.shortlisted) for row in apply(by, given, shortlist)]


# --- Figures -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "marks", "expected"),
    [
        ("mean", (80, 90), "85.000000"),
        ("mean", (70, 71, 71), "70.666667"),  # 212/3
        ("trimmed", (60, 80, 100), "80.000000"),
        ("trimmed", (100, 60, 81, 80), "80.500000"),
        # Only one of several equal extremes goes.
        ("trimmed", (90, 90, 60, 60), "75.000000"),
        # Fewer than three: nothing would be left over.
        ("trimmed", (60, 100), "80.000000"),
        ("trimmed", (77,), "77.000000"),
        ("median", (60, 99, 70), "70.000000"),
        ("median", (60, "70.5", 81, 99), "75.750000"),
        ("median", (77,), "77.000000"),
    ],
)
def test_figures_by_hand(kind, marks, expected):
    assert figure(flat(kind), *marks) == expected


def test_the_criteria_are_weighed_and_halves_go_up():
    marks = {"c1": Decimal("88.5"), "c2": Decimal(90), "c3": Decimal("71.3")}
    # 0.40 × 88.5 + 0.35 × 90 + 0.25 × 71.3 = 35.4 + 31.5 + 17.825
    assert str(apply(MEAN, [Sheet("a", "1", "", marks)], 1)[0].figure) == "84.725000"
    thirds = [Sheet("a", str(n), "", dict.fromkeys(marks, Decimal(n))) for n in (1, 1, 2)]
    assert str(apply(replace(MEAN, scale=10), thirds, 1)[0].figure) == "13.333333"
    assert str(recipe.scoring.rounded(Fraction("0.0000005"), 6)) == "0.000001"


def test_groups_weigh_whatever_their_size():
    by = flat("weighted", groups=GROUPS)
    # 60 % × mean(80, 90, 70) + 40 % × 90 = 48 + 36
    assert figure(by, "80@g1", "90@g1", "70@g1", "90@g2") == "84.000000"
    # One group alone has all the weight; who is in none doesn't count beside one.
    assert figure(by, "90@g2", "70@g2", "10") == "80.000000"
    assert figure(by, "90", "70@g9") == "80.000000"
    three = (*GROUPS, Part("g3", "投资专家", 20))
    # (60 × 90 + 20 × 70) ÷ 80
    assert figure(flat("weighted", groups=three), "90@g1", "70@g3") == "85.000000"


def test_standardised_by_hand():
    # Expert 1 gives 60 and 80 (mean 70, deviation 10), expert 2 gives 90 and 94 (92, 2): z −1 and 1 each.
    # The track's totals 60, 80, 90, 94: mean 81, variance (441 + 1 + 81 + 169) ÷ 4 = 173, √173 = 13.152946…
    rows = apply(flat("standardised"), sheets(a=[60, 90], b=[80, 94]), 1)
    assert [(row.nomination, str(row.figure)) for row in rows] == [("b", "94.152946"), ("a", "67.847054")]


def test_an_expert_without_spread_gives_the_tracks_mean_back():
    given = sheets(a=[80, 70], b=[90, 70]) + [Sheet("a", "3", "", {"c1": Decimal(40)})]
    # Expert 2 marks all alike, expert 3 marked once: z is 0 for both. Expert 1: z −1 and 1.
    # Totals 80, 90, 70, 70, 40: mean 70, variance (100 + 400 + 0 + 0 + 900) ÷ 5 = 280, √280 = 16.7332005…
    rows = {row.nomination: str(row.figure) for row in apply(flat("standardised"), given, 1)}
    assert rows == {"a": "64.422266", "b": "78.366600"}
    assert figure(flat("standardised"), 55, 55) == "55.000000"


def test_a_root_is_cut_off_after_forty_places():
    # √2 as in OEIS A002193.
    assert recipe.root(Fraction(2)) == Fraction("1.4142135623730950488016887242096980785696")
    assert recipe.root(Fraction(1, 4)) == Fraction(1, 2)
    assert recipe.root(Fraction(0)) == 0


# --- Order -------------------------------------------------------------------------------------------------


def test_the_higher_figure_comes_first():
    rows = placed(flat("mean"), sheets(a=[80], b=["90.5"], c=[85]), 2)
    assert rows == [("b", 1, False, True), ("c", 2, False, True), ("a", 3, False, False)]


def test_wholly_equal_ones_share_a_rank_and_the_next_is_skipped():
    rows = placed(flat("mean"), sheets(d=[70], c=[85], b=[85], a=[90]))
    assert rows == [("a", 1, False, True), ("b", 2, True, True), ("c", 2, True, True), ("d", 4, False, True)]


def test_a_tie_at_the_line_passes_together():
    rows = placed(flat("mean"), sheets(a=[90], b=[85], c=[85], d=[70]), 2)
    assert [row[3] for row in rows] == [True, True, True, False]


def test_figures_that_look_alike_on_paper_are_not_tied():
    rows = placed(
        flat("mean"), sheets(a=["66.6", "66.7", "66.7"], b=["66.7", "66.6", "66.7"], c=["66.7"] * 3)
    )
    assert rows == [("c", 1, False, True), ("a", 2, True, True), ("b", 2, True, True)]


TIED = {
    # Two sheets each, of (c1, c2, c3); all have the mean total 80.
    "heavy": [(90, 80, 64), (90, 80, 64)],
    "second": [(80, 84, "74.4"), (80, 84, "74.4")],
    "level": [(80, 80, 80), (80, 80, 80)],
    "wide": [(90, 90, 90), (70, 70, 70)],
}


def tied(*names):
    return [
        Sheet(name, str(n), "", dict(zip(("c1", "c2", "c3"), map(Decimal, map(str, marks)), strict=True)))
        for name in names
        for n, marks in enumerate(TIED[name])
    ]


@pytest.mark.parametrize(
    ("ties", "expected"),
    [
        ((), {"heavy": 1, "level": 1, "second": 1, "wide": 1}),
        (("heaviest",), {"heavy": 1, "level": 2, "second": 2, "wide": 2}),
        (("heaviest", "next"), {"heavy": 1, "second": 2, "level": 3, "wide": 3}),
        (("heaviest", "next", "median"), {"heavy": 1, "second": 2, "level": 3, "wide": 3}),
        (("heaviest", "next", "spread"), {"heavy": 1, "second": 2, "level": 3, "wide": 4}),
        (("spread",), {"heavy": 1, "level": 1, "second": 1, "wide": 4}),
    ],
)
def test_ties_are_parted_by_the_stated_rules_in_their_order(ties, expected):
    rows = apply(replace(MEAN, ties=ties), tied(*TIED), 10)
    assert {row.nomination: row.rank for row in rows} == expected


def test_the_median_parts_what_the_mean_does_not():
    rows = placed(flat("mean", ("median",)), sheets(a=[70, 80, 90], b=[60, 88, 92]))
    assert [row[:2] for row in rows] == [("b", 1), ("a", 2)]


def test_of_equal_weights_the_criterion_stated_first_is_the_heaviest():
    halves = (Part("c2", "乙", 50), Part("c1", "甲", 50))
    assert Recipe("mean", 100, halves).by_weight == ["c2", "c1"]
    assert MEAN.by_weight == ["c1", "c2", "c3"]


def test_nothing_gives_an_empty_table():
    for kind in recipe.KINDS:
        assert apply(flat(kind), [], 3) == []


# --- The artefact ------------------------------------------------------------------------------------------


def test_the_recipe_as_json_is_whole():
    by = Recipe("weighted", 10, ONE, ("heaviest", "spread"), GROUPS)
    assert by.as_json() == {
        "schema": 1,
        "kind": "weighted",
        "scale": 10,
        "criteria": [{"key": "c1", "name": "总评", "weight": 100}],
        "ties": ["heaviest", "spread"],
        "groups": [
            {"key": "g1", "name": "技术专家", "weight": 60},
            {"key": "g2", "name": "产业专家", "weight": 40},
        ],
        "deviation": "population",
        "root": {"places": 40, "mode": "down"},
        "rounding": {"places": 6, "mode": "half_up"},
    }
    assert Recipe.from_json(json.loads(json.dumps(by.as_json()))) == by


def test_the_digest_is_that_of_this_release_and_the_next():
    assert MEAN.digest == "b7954ab3a147f2565abbed0395ef3bac115c8d45ec04c0a85f86c71ece40af5d"
    assert replace(MEAN, kind="median").digest != MEAN.digest


@pytest.mark.parametrize(
    "changed", [{"schema": 2}, {"root": {"places": 28, "mode": "down"}}, {"kind": "best"}]
)
def test_a_recipe_of_another_kind_or_schema_is_not_read(changed):
    with pytest.raises(ValueError, match="recipe"):
        Recipe.from_json({**MEAN.as_json(), **changed})


@pytest.mark.parametrize("ties", [("lot",), ("median", "median")])
def test_unknown_and_repeated_tie_rules_are_refused(ties):
    with pytest.raises(ValueError, match="tie"):
        Recipe("mean", 100, CRITERIA, ties)


def test_an_incomplete_sheet_has_no_total():
    with pytest.raises(KeyError):
        apply(MEAN, [Sheet("a", "1", "", {"c1": Decimal(90)})], 1)


# --- For any scores ----------------------------------------------------------------------------------------

marks = st.integers(0, 1000).map(lambda tenths: Decimal(tenths) / 10)


@st.composite
def some_sheets(draw):
    """Up to 6 nominations by up to 5 experts, not all by all; at least one sheet."""
    pairs = draw(
        st.sets(st.tuples(st.sampled_from("abcdef"), st.sampled_from("12345")), min_size=1, max_size=20)
    )
    return [
        Sheet(key, expert, draw(st.sampled_from(["g1", "g2", ""])), {c.key: draw(marks) for c in CRITERIA})
        for key, expert in sorted(pairs)
    ]


any_recipe = st.builds(
    Recipe,
    st.sampled_from(recipe.KINDS),
    st.just(100),
    st.just(CRITERIA),
    st.permutations(recipe.TIES).map(tuple),
    st.just(GROUPS),
)


@settings(max_examples=60, deadline=None)
@given(any_recipe, some_sheets(), st.randoms(use_true_random=False))
def test_the_order_in_which_sheets_come_does_not_matter(by, given, random):
    mixed = list(given)
    random.shuffle(mixed)
    assert apply(by, mixed, 2) == apply(by, given, 2)


@settings(max_examples=60, deadline=None)
@given(any_recipe, some_sheets())
def test_ranks_follow_the_figures(by, given):
    rows = apply(by, given, 2)
    assert {row.nomination for row in rows} == {sheet.nomination for sheet in given}
    assert all(one.figure >= two.figure and one.rank <= two.rank for one, two in pairwise(rows))
    assert all(row.shortlisted == (row.rank <= 2) for row in rows)


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(["mean", "trimmed", "median", "weighted"]),
    some_sheets(),
    st.data(),
)
def test_a_higher_score_never_lowers_a_figure(kind, given, data):
    by = Recipe(kind, 100, CRITERIA, (), GROUPS)
    n = data.draw(st.integers(0, len(given) - 1))
    chosen = given[n]
    higher = {**chosen.scores, "c2": data.draw(st.decimals(chosen.scores["c2"], 100, places=1))}
    raised = [*given[:n], replace(chosen, scores=higher), *given[n + 1 :]]
    before, after = ({row.nomination: row.figure for row in apply(by, rows, 2)} for rows in (given, raised))
    assert after[chosen.nomination] >= before[chosen.nomination]


@settings(max_examples=60, deadline=None)
@given(any_recipe)
def test_a_recipe_survives_json_with_its_digest(by):
    again = Recipe.from_json(json.loads(json.dumps(by.as_json())))
    assert (again, again.digest) == (by, by.digest)
