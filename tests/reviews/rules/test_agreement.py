"""Agreement between experts: worked examples from print, and small tables worked out by hand."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews.rules import agreement
from reviews.rules.agreement import Shift
from reviews.rules.recipe import Part, Recipe, Sheet
from reviews.rules.scoring import shown

BY = Recipe("mean", 100, (Part("c1", "总评", 100),), ("heaviest",))


def table(*rows):
    """A row of text for each expert; a full stop is a gap."""
    return {
        f"e{n}": {f"n{k}": Fraction(word) for k, word in enumerate(row.split()) if word != "."}
        for n, row in enumerate(rows)
    }


def sheets(**of):
    """``a={"e1": 80, "e2": 90}``: the sheets of nomination a."""
    return [
        Sheet(key, expert, "", {"c1": Decimal(mark)})
        for key, row in of.items()
        for expert, mark in row.items()
    ]


# --- Kendall's W -------------------------------------------------------------------------------------------


def test_w_of_six_applicants_by_three_interviewers():
    # S. Siegel, Nonparametric Statistics (1956), table 9.4: s = 25.5, W = 0.16.
    given = table("1 6 3 2 5 4", "1 5 6 4 2 3", "6 3 2 5 4 1")
    assert agreement.kendall_w(given) == Fraction(306, 9 * 210)
    assert shown(agreement.kendall_w(given)) == "0.16"


def test_w_with_ties():
    # Siegel (1956), table 9.5, after Kendall: s = 591, ΣT = 9.5, W = 591 ÷ (742.5 − 28.5) = 0.828.
    given = table(
        "1 4.5 2 4.5 3 7.5 6 9 7.5 10",
        "2.5 1 2.5 4.5 4.5 8 9 6.5 10 6.5",
        "2 1 4.5 4.5 4.5 4.5 8 8 8 10",
    )
    assert agreement.kendall_w(given) == Fraction(591, 714)
    assert shown(agreement.kendall_w(given), 3) == "0.828"


def test_w_is_1_for_one_order_and_0_for_opposite_ones():
    assert agreement.kendall_w(table("90 80 70", "60 55 50")) == 1
    assert agreement.kendall_w(table("90 80 70", "70 80 90")) == 0


@pytest.mark.parametrize(
    "rows",
    [(), ("90 80",), ("90", "80"), ("90 80 .", "90 . 80"), ("80 80", "70 70")],
    ids=["nobody", "one expert", "one nomination", "gaps", "no order at all"],
)
def test_w_needs_a_complete_table_with_an_order(rows):
    assert agreement.kendall_w(table(*rows)) is None


# --- Krippendorff's α --------------------------------------------------------------------------------------


def test_alpha_of_the_published_example():
    # K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), section C: four observers, twelve
    # units, gaps; α of interval data = 0.849. Unit 12 has one value and doesn't pair.
    given = table(
        "1 2 3 3 2 1 4 1 2 . . .",
        "1 2 3 3 2 2 4 1 2 5 . 3",
        ". 3 3 3 2 3 4 2 2 5 1 .",
        "1 2 3 3 2 4 4 1 2 5 1 .",
    )
    assert shown(agreement.krippendorff_alpha(given), 3) == "0.849"


def test_alpha_by_hand():
    # Units (80, 90) and (70, 70): D_o = (200 + 0) ÷ 4 = 50; all ordered pairs: 100 + 100 + 100 + 400 + 400 + 0,
    # twice, ÷ 12 = 183⅓; α = 1 − 50 ÷ 183⅓ = 8/11.
    assert agreement.krippendorff_alpha(table("80 70", "90 70")) == Fraction(8, 11)
    assert agreement.krippendorff_alpha(table("80 70", "80 70")) == 1


@pytest.mark.parametrize("rows", [(), ("80 90",), ("80 .", ". 90"), ("80 80", "80 80")])
def test_alpha_needs_pairs_that_differ(rows):
    assert agreement.krippendorff_alpha(table(*rows)) is None


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 100), min_size=4, max_size=4), min_size=2, max_size=5),
    st.randoms(use_true_random=False),
)
def test_both_stay_within_their_bounds_whoever_comes_first(rows, random):
    given = table(*(" ".join(map(str, row)) for row in rows))
    w, alpha = agreement.kendall_w(given), agreement.krippendorff_alpha(given)
    assert w is None or 0 <= w <= 1
    assert alpha is None or alpha <= 1
    mixed = list(given.items())
    random.shuffle(mixed)
    assert (agreement.kendall_w(dict(mixed)), agreement.krippendorff_alpha(dict(mixed))) == (w, alpha)


# --- Severity, orders, sensitivity -------------------------------------------------------------------------


def test_severity_is_the_distance_to_the_co_reviewers():
    # e0 against the mean of the others: 80 − 90, 70 − 75; e2 has nobody beside them at n2.
    given = table("80 70 .", "90 80 .", "90 70 60", ". . 55")
    assert agreement.severity(given) == {
        "e0": Fraction("-7.5"),
        "e1": (Fraction(5) + Fraction(10)) / 2,
        "e2": (Fraction(5) - Fraction(5) + Fraction(5)) / 3,
        "e3": Fraction(-5),
    }
    assert agreement.severity(table("80 .", ". 70")) == {"e0": None, "e1": None}


def test_the_table_is_of_totals():
    ten = Recipe("mean", 10, BY.criteria)
    assert agreement.table(ten, sheets(a={"x": 8})) == {"x": {"a": Fraction(80)}}


def test_a_severe_expert_is_set_right_in_the_adjusted_order():
    # z marks 30 points lower than y; who happened to get z falls behind on raw means alone.
    given = sheets(a={"y": 80}, b={"y": 90}, c={"z": 60}, d={"z": 50})
    assert agreement.orders(BY, given, 2) == {"b": (1, 1), "a": (2, 3), "c": (3, 2), "d": (4, 4)}


def test_who_enters_and_leaves_without_one_expert():
    given = sheets(a={"x": 90, "y": 90}, b={"x": 60, "y": 88}, c={"x": 80, "y": 70}, d={"z": 40})
    assert agreement.without_each(BY, given, 2) == [
        Shift("x", enter=("b",), leave=("c",)),
        Shift("y", enter=(), leave=()),
        Shift("z", enter=(), leave=(), unscored=("d",)),
    ]


def test_who_enters_and_leaves_by_another_recipe():
    given = sheets(
        a={"x": 70, "y": 72, "z": 100}, b={"x": 75, "y": 75, "z": 75}, c={"x": 60, "y": 79, "z": 80}
    )
    # Means 80⅔, 75, 73; without the extremes 72, 75, 79; medians the same.
    shifts = {shift.what: (shift.enter, shift.leave) for shift in agreement.by_other_recipes(BY, given, 1)}
    assert (shifts["trimmed"], shifts["median"]) == ((("c",), ("a",)), (("c",), ("a",)))
    assert set(shifts) == {"trimmed", "median", "standardised"}
    grouped = Recipe("mean", 100, BY.criteria, (), (Part("g1", "技术专家", 100),))
    assert {shift.what for shift in agreement.by_other_recipes(grouped, given, 1)} == {*shifts, "weighted"}
