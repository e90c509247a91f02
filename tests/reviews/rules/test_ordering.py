"""Ordering: ranks, ties, and the line of the shortlist."""

from fractions import Fraction

from reviews.rules.ordering import Entry, order


def entry(key, figure, tie_breaker=0):
    return Entry(key, Fraction(str(figure)), Fraction(str(tie_breaker)))


def placed(entries, shortlist=10):
    return [(r.entry.key, r.rank, r.tied, r.shortlisted) for r in order(entries, shortlist)]


def test_the_higher_figure_comes_first():
    assert placed([entry("a", 80), entry("b", "90.5"), entry("c", 85)], 2) == [
        ("b", 1, False, True),
        ("c", 2, False, True),
        ("a", 3, False, False),
    ]


def test_equal_figures_are_parted_by_the_tie_breaker():
    assert placed([entry("a", 85, 80), entry("b", 85, "80.5")]) == [
        ("b", 1, False, True),
        ("a", 2, False, True),
    ]


def test_wholly_equal_ones_share_a_rank_and_the_next_is_skipped():
    rows = placed([entry("d", 70), entry("c", 85, 80), entry("b", 85, 80), entry("a", 90)])
    assert rows == [("a", 1, False, True), ("b", 2, True, True), ("c", 2, True, True), ("d", 4, False, True)]


def test_a_tie_at_the_line_passes_together():
    rows = placed([entry("a", 90), entry("b", 85, 80), entry("c", 85, 80), entry("d", 70)], shortlist=2)
    assert [row[3] for row in rows] == [True, True, True, False]


def test_figures_that_look_alike_on_paper_are_not_tied():
    third = Entry("a", Fraction(200, 3), Fraction(0))
    assert placed([third, entry("b", "66.67")]) == [("b", 1, False, True), ("a", 2, False, True)]


def test_the_same_scores_give_the_same_table_in_whatever_order_they_come():
    entries = [entry("c", 85, 80), entry("a", 85, 80), entry("b", 85, 80)]
    assert placed(entries) == placed(entries[::-1])


def test_nothing_gives_an_empty_table():
    assert placed([]) == []
