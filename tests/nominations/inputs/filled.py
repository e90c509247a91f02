"""Generators of answers to a form, as a draft may hold them: right ones, wrong ones, and none."""

from hypothesis import strategies as st

from kczg.kit.characters import refused
from nominations.catalogues import CATALOGUES
from nominations.fields import kind_of

WORDS = st.one_of(
    st.sampled_from(
        [
            "=1+1",
            "+86",
            "-3",
            "@SUM(A1)",
            "_x000D_",
            "_x005F_",
            "_xD83D_",
            "TRUE",
            "12",
            "1,480.50",
            "王𡃁",
            " 空 格 ",
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40).filter(lambda text: not refused(text, "")),
)
FIGURES = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False, places=3).map(lambda d: f"{d:f}"),
    st.sampled_from(["", "12", "0.10", "１２３", "1,480.50", "35%", "十二", "-0", "1e5"]),
)
DAYS = st.one_of(
    st.dates().map(str), st.sampled_from(["2021-06", "2021", "2021年6月15日", "2021.6", "去年"]), WORDS
)


def raw(question):
    """What somebody may have sent for a question."""
    kind = question.kind
    if kind == "rows":
        row = st.fixed_dictionaries({}, optional={column.key: raw(column) for column in question.columns})
        return st.lists(row, max_size=3)
    if kind == "year_table":
        figures = {row.key: st.lists(raw(row), max_size=len(question.years)) for row in question.rows}
        return st.fixed_dictionaries({}, optional=figures)
    if kind in ("industry", "licence"):
        known = [entry.code for entry in CATALOGUES[question.catalogue]]
        codes = st.one_of(st.sampled_from(known), st.sampled_from(["A+B", "none", "+1", "GPL-9.0+"]))
        return st.lists(codes, max_size=4)
    if kind == "emerging_industry":
        codes = [entry.code for entry in CATALOGUES["emerging_industries"]]
        return st.fixed_dictionaries({"code": st.sampled_from([*codes, "", "9.9", "x y"]), "name": WORDS})
    options = [option.label for option in question.options]
    if kind == "one_of":
        return st.sampled_from(["", *options])
    if kind == "any_of":
        return st.lists(st.sampled_from(options), unique=True)
    if kind == "region":
        return st.one_of(st.sampled_from(["320500", "江苏省苏州市", "110108", "", *options]), WORDS)
    if kind in ("date", "month", "year"):
        return DAYS
    if kind in ("decimal", "integer", "percent", "signed"):
        return FIGURES
    return WORDS


def answers(form):
    """Answers that a draft of the form can keep; some questions may be left out."""

    def kept(given):
        read = {question.key: kind_of(question).read(question, given[question.key]) for question in form.questions() if question.key in given}  # fmt: skip  # noqa: E501
        return {
            key: value
            for key, value in read.items()
            if not kind_of(form.question(key)).unreadable(form.question(key), value)
        }

    asked = {question.key: raw(question) for question in form.questions() if question.kind != "files"}
    return st.fixed_dictionaries({}, optional=asked).map(kept)
