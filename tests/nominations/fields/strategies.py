"""Generators of declarations and of answers, for property tests."""

from hypothesis import strategies as st

from nominations.fields.base import Check, Condition, Declaration, Option, Question, Seal, Section

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True)
WORDS = st.lists(TEXT, max_size=3).map(tuple)
COUNTS = st.none() | st.integers(0, 5000)


def unique(parts, key, most=4):
    return st.lists(parts, max_size=most, unique_by=key).map(tuple)


NO_COLUMNS = st.just(())


def questions(columns=NO_COLUMNS):
    return st.builds(
        Question,
        key=KEYS,
        label=TEXT,
        kind=st.sampled_from(["short_text", "rows", "one_of"]),
        hint=TEXT,
        note=TEXT,
        short=TEXT,
        required=st.booleans(),
        min_count=COUNTS,
        max_count=COUNTS,
        options=st.lists(st.builds(Option, label=TEXT, note=TEXT), max_size=3).map(tuple),
        columns=columns,
        levels=WORDS,
        tracks=WORDS,
        categories=WORDS,
        width=st.sampled_from(["full", "half"]),
        per_line=st.integers(0, 4),
        required_of=WORDS,
        group=TEXT,
        years=WORDS,
        mean=st.booleans(),
    )


def _with_questions_once(sections):
    taken = set()
    kept = []
    for section in sections:
        fresh = tuple(q for q in section.questions if q.key not in taken)
        taken |= {q.key for q in fresh}
        kept.append(Section(section.key, section.title, fresh, note=section.note, layout=section.layout))
    return kept


SECTIONS = st.builds(
    Section,
    key=KEYS,
    title=TEXT,
    questions=unique(questions(unique(questions(), lambda q: q.key, 3)), lambda q: q.key),
    note=TEXT,
    layout=st.sampled_from(["grid", "block"]),
)
CHECKS = st.builds(
    Check,
    key=KEYS,
    rule=KEYS,
    questions=WORDS,
    kind=st.sampled_from(["problem", "warning"]),
    limit=st.integers(0, 5000),
    arguments=WORDS,
)
CONDITIONS = st.builds(Condition, key=KEYS, text=TEXT, clause=TEXT, rule=KEYS, arguments=WORDS, tracks=WORDS)
DECLARATIONS = st.builds(
    Declaration,
    key=KEYS,
    name=TEXT,
    title=TEXT,
    sections=unique(SECTIONS, lambda s: s.key).map(lambda sections: tuple(_with_questions_once(sections))),
    conditions=unique(CONDITIONS, lambda c: c.key),
    seals=unique(st.builds(Seal, key=KEYS, label=TEXT, stamp_label=TEXT), lambda s: s.key, 2),
    categories=st.lists(st.builds(Option, label=TEXT), max_size=3).map(tuple),
    separately_organised=st.booleans(),
    checks=unique(CHECKS, lambda c: c.key, 2),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
