"""Papers: the table of moves as a diagram and a table, for docs/states.md."""

from __future__ import annotations

from nominations.events import WORDS
from nominations.states import ENDED, HOLDS_PLACE, MOVES, State, Window

ROLES = {"applicant": "申报人", "unit": "推荐单位", "body": "初评机构", "office": "秘书处"}


def states_page() -> str:
    """The whole page as Markdown with a Mermaid diagram; the same table always gives the same page."""
    return "\n".join([*_head(), *_diagram(), "", *_states(), "", *_moves(), ""])


def _head() -> list[str]:
    return [
        "# The states of a nomination",
        "",
        "Drawn from `nominations/states.py` by `manage.py draw_states`; don't edit. A test holds both equal.",
        "",
    ]


def _diagram() -> list[str]:
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f'    state "{state.label}" as {state.value}' for state in State]
    lines += [f"    [*] --> {State.DRAFT.value}"]
    for move in MOVES.values():
        for source in (state for state in State if state in move.sources):
            lines.append(f"    {source.value} --> {move.target.value}: {move.label}（{ROLES[move.role]}）")
    lines += [f"    {state.value} --> [*]" for state in State if state in ENDED]
    return [*lines, "```"]


def _states() -> list[str]:
    lines = ["| code | 状态 | holds a place | ends |", "|---|---|---|---|"]
    for state in State:
        holds, ends = ("yes" if state in kind else "" for kind in (HOLDS_PLACE, ENDED))
        lines.append(f"| `{state.value}` | {state.label} | {holds} | {ends} |")
    return lines


def _moves() -> list[str]:
    lines = [
        "| move | 从 | 到 | who | when | event | 记录中的词 | reason |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for move in MOVES.values():
        sources = "、".join(str(state.label) for state in State if state in move.sources)
        when = Window(move.window).label if move.window else ""
        only = {None: "", True: "（另行组织）", False: ""}[move.separately_organised]
        cells = (
            f"`{move.key}`{only}",
            sources,
            move.target.label,
            ROLES[move.role],
            when,
            f"`{move.event}`",
            WORDS[move.event],
            "yes" if move.needs_reason else "",
        )
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return lines
