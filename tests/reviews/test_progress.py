"""The chart of the scoring: numbers by day and a line; no database."""

from datetime import date

from reviews.outputs.progress import HEIGHT, MOST_DAYS, Day, chart


def test_days_without_a_submission_stand_between():
    drawn = chart({date(2022, 11, 10): 2, date(2022, 11, 12): 1}, 6)
    assert drawn.days == [
        Day(date(2022, 11, 10), 2, 2),
        Day(date(2022, 11, 11), 0, 2),
        Day(date(2022, 11, 12), 1, 3),
    ]
    assert drawn.points == "0,120 200,80 400,80 600,60"


def test_all_submitted_reaches_the_top_and_a_long_stretch_is_cut():
    drawn = chart({date(2022, 1, 1): 1, date(2022, 12, 31): 3}, 4)
    assert len(drawn.days) == MOST_DAYS
    assert drawn.days[-1] == Day(date(2022, 12, 31), 3, 4)
    assert drawn.points.endswith(",0") and drawn.points.startswith(f"0,{HEIGHT}")
