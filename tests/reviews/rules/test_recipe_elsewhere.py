"""Two programs that share no code with the product, and not with each other, rank any scores as the recipe does."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from runpy import run_path

from hypothesis import given, settings
from hypothesis import strategies as st

from reviews.rules import recipe
from reviews.rules.recipe import Part, Recipe, Sheet, apply
from tests.reviews.independent_recompute import lines

SHIPPED = run_path(str(Path(recipe.__file__).parents[1] / "standalone" / "recompute.py"), run_name="shipped")
CRITERIA = (Part("c1", "甲", 40), Part("c2", "乙", 40), Part("c3", "丙", 20))
GROUPS = (Part("g1", "技术专家", 55), Part("g2", "产业专家", 30), Part("g3", "投资专家", 15))
# Few values, so that ties are common; a scale of 9, so that totals are no round numbers.
marks = st.sampled_from([Decimal(tenths) / 10 for tenths in (0, 45, 60, 61, 75, 90)])


@st.composite
def some_sheets(draw):
    pairs = draw(st.sets(st.tuples(st.sampled_from("abcdef"), st.sampled_from("12345")), min_size=1))
    group = {expert: draw(st.sampled_from(["g1", "g2", "g3", ""])) for expert in "12345"}
    return [
        Sheet(key, expert, group[expert], {c.key: draw(marks) for c in CRITERIA})
        for key, expert in sorted(pairs)
    ]


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from(recipe.KINDS),
    st.sets(st.sampled_from(recipe.TIES)).flatmap(lambda ties: st.permutations(sorted(ties))),
    some_sheets(),
    st.integers(1, 4),
)
def test_three_programs_one_order(kind, ties, sheets, shortlist):
    by = replace(Recipe(kind, 9, CRITERIA), ties=tuple(ties), groups=GROUPS)
    ours = [
        f"{row.rank},{row.tied:d},{row.shortlisted:d},{row.nomination},{row.figure}"
        for row in apply(by, sheets, shortlist)
    ]
    scores = [
        {
            "nomination": s.nomination,
            "expert": s.expert,
            "group": s.group,
            "criterion": key,
            "score": str(value),
        }
        for s in sheets
        for key, value in s.scores.items()
    ]
    assert lines(by.as_json(), shortlist, scores) == ours
    assert [",".join(row.values()) for row in SHIPPED["result"](by.as_json(), shortlist, scores)] == ours
