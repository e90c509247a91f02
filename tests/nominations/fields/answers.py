"""Generators of answers that applicants might give: for each question what its kind takes, or nothing."""

from datetime import date
from functools import cache

from hypothesis import strategies as st

from nominations.answers import questions_of
from nominations.catalogues import CATALOGUES
from nominations.fields import kind_of
from nominations.fields.region import _cities
from nominations.rules.completeness import applicable

SIGNS = "的技术创新一二三产学研融通测试𠮷𡃁㐂䶮𬱖龘镕喆ABCxyz0123456789（）《》“”、，。；：！？%+=@#&<>/"
"""What names and texts are made of: rare characters, and what would mean something to a page or a spreadsheet."""
WORDS = st.text(SIGNS, min_size=1, max_size=24)
PARAGRAPHS = st.lists(st.text(SIGNS, min_size=1, max_size=120), min_size=1, max_size=4)
DAYS = st.dates(date(1990, 1, 1), date(2022, 10, 31))
COUNTS = st.integers(0, 999_999).map(str)
FIGURES = st.decimals(0, 99_999, places=2).map(str) | COUNTS
DOMAINS = st.from_regex(r"[a-z]{2,12}(-[a-z]{2,8})?\.(cn|com\.cn|org)", fullmatch=True)


@cache
def codes(catalogue, *levels):
    return [entry.code for entry in CATALOGUES[catalogue] if not levels or entry.level in levels]


def _rows(question):
    columns = {column.key: answer_to(column) for column in question.columns}
    return st.lists(st.fixed_dictionaries(columns), max_size=4)


def _years(question):
    def row(of):
        values = st.sampled_from([o.label for o in of.options]) if of.options else BY_KIND[of.kind](of)
        return st.lists(values | st.just(""), min_size=len(question.years), max_size=len(question.years))

    return st.fixed_dictionaries({of.key: row(of) for of in question.rows})


def _choices(question):
    return st.sampled_from([option.label for option in question.options])


def _files(question):
    """Files as a checked draft names them."""
    entry = {
        "id": st.from_regex(r"[0-9a-f]{32}", fullmatch=True),
        "name": WORDS.map(lambda name: f"{name}.pdf"),
        "size": st.integers(1, 20_000_000),
        "pages": st.integers(1, 300),
        "sha256": st.from_regex(r"[0-9a-f]{64}", fullmatch=True),
        "type": st.just("application/pdf"),
    }
    return st.lists(st.fixed_dictionaries(entry), max_size=question.max_count, unique_by=lambda e: e["id"])


def _entries(question):
    return st.lists(
        st.sampled_from(codes(question.catalogue, *question.levels)), max_size=5, unique=True
    ).map(list)


BY_KIND = {
    "short_text": lambda q: WORDS,
    "pilot_city": lambda q: WORDS,
    "long_text": lambda q: PARAGRAPHS.map("\n".join),
    "integer": lambda q: COUNTS,
    "decimal": lambda q: FIGURES,
    "signed": lambda q: st.decimals(-9_999, 9_999, places=1).map(str),
    "percent": lambda q: st.decimals(0, 100, places=1).map(str),
    "date": lambda q: DAYS.map(str),
    "month": lambda q: DAYS.map(lambda day: f"{day:%Y-%m}"),
    "year": lambda q: DAYS.map(lambda day: f"{day:%Y}"),
    "phone": lambda q: st.from_regex(r"1[3-9][0-9]{9}|0[1-9][0-9]{1,2}-[2-8][0-9]{6,7}", fullmatch=True),
    "email": lambda q: st.tuples(
        st.from_regex(r"[a-z][a-z0-9._]{0,18}[a-z0-9]", fullmatch=True), DOMAINS
    ).map("@".join),
    "url": lambda q: st.tuples(DOMAINS, st.from_regex(r"[a-z0-9/]{0,20}", fullmatch=True)).map(
        lambda parts: f"https://{parts[0]}/{parts[1]}"
    ),
    "one_of": _choices,
    "any_of": lambda q: st.lists(_choices(q), unique=True),
    "region": lambda q: st.sampled_from(sorted(_cities())),
    "industry": _entries,
    "licence": lambda q: st.lists(st.sampled_from(codes("licences", "2022")), max_size=3, unique=True),
    "emerging_industry": lambda q: st.fixed_dictionaries(
        {"code": st.sampled_from(codes("emerging_industries", "2")), "name": WORDS}
    ),
    "promise": lambda q: st.booleans(),
    "files": _files,
    "rows": _rows,
    "year_table": _years,
}


def answer_to(question):
    """An answer as its kind keeps it, or none. What isn't made here stays blank."""
    kind = kind_of(question)
    made = BY_KIND.get(question.kind)
    if made is None:
        return st.just(kind.blank())
    some = made(question).map(lambda raw: kind.read(question, raw))
    return (
        some
        if question.kind in ("rows", "year_table")
        else st.one_of(some, some, some, st.just(kind.blank()))
    )


def answers_to(form, track="", category=""):
    """Answers to all questions of a form that are asked in a track and category."""
    asked = [
        q
        for section in applicable(form.sections, track, category)
        for q in questions_of(section, track, category)
    ]
    return st.fixed_dictionaries({question.key: answer_to(question) for question in asked})
