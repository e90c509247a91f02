"""A track's review step by step: who sees plan, sheets, result, notice and list, who takes the next step.

A step is what has happened last in the track; all before it has happened, too (notice 三（二）to（四）, 四.3).
"""

from __future__ import annotations

from tests.authz.rules import (
    ALWAYS,
    FROM_FINAL,
    FROM_PRELIMINARY,
    NO_METHOD,
    OK,
    PAPER,
    PRELIMINARY,
    PUBLICATION,
    Address,
    Deed,
    Things,
)

STEPS = (
    "recommended",
    "plan_drafted",
    "plan_filed",
    "plan_recorded",
    "accepted",
    "taken_in",
    "committed",
    "assigned",
    "filled",
    "scored",
    "closed",
    "reported",
    "marked",
    "noticed",
    "prepared",
    "published",
)


def since(step: str) -> frozenset[str]:
    return frozenset(STEPS[STEPS.index(step) :])


def till(step: str) -> frozenset[str]:
    """Up to and without this step."""
    return frozenset(STEPS[: STEPS.index(step)])


def just(*steps: str) -> frozenset[str]:
    return frozenset(steps)


EVERYBODY = ("anonymous",)
BODY = (
    *("anonymous", "applicant", "stranger", "unit_person", "other_unit_person", "body_person"),
    *("other_body_person", "expert_a", "expert_b", "office_a", "office_b", "admin", "colleague"),
)
BODY = ("body_person",)
EXPERTS = ("expert_a", "expert_b")
OWN = ("expert_a",)
OFFICE = ("office_a", "office_b")
SECOND = ("office_b",)
"""The list is prepared by office_a: another one publishes it (S7)."""
EVER = frozenset(STEPS)
IN_PRELIMINARY = frozenset({PRELIMINARY})
IN_PUBLICATION = frozenset({PUBLICATION})
LACKING = frozenset({409, 422})
"""Not now, or nothing to do it with."""


# --- What is sent ------------------------------------------------------------------------------------------


def plan(_things: Things) -> dict[str, str]:
    return {
        "work_plan": "改写的评审工作方案",
        "expert_plan": "邀请本领域专家2名以上",
        "scale": "100",
        "recipe": "mean",
        "experts_each": "2",
        "shortlist": "10",
        "criteria-0-name": "技术先进性",
        "criteria-0-weight": "100",
        "criteria-0-meaning": "",
    }


def newcomer(_things: Things) -> dict[str, str]:
    return {"name": "孔令仪", "email": "konglingyi@example.org", "employer": "北河大学", "position": "教授"}


def pairs(things: Things) -> dict[str, list[str]]:
    ticked = [f"{expert}-{number}" for expert in things["experts"] for number in things["pks"]]
    return {"shown": [str(pk) for pk in things["pks"]], "pair": ticked}


def conflict(things: Things) -> dict[str, str]:
    first = things["pks"][0]
    return {"recuse": str(first), f"reason-{first}": "曾共同署名"}


def recognised(things: Things) -> dict[str, str]:
    return {"expert": str(things["experts"][0]), "number": things["numbers"][0], "reason": "同一课题组"}


def scores(things: Things) -> dict[str, str]:
    typed = {"version": things["sheet_version"], "score-c1": "61.5", "comment": "改写的意见"}
    return {**typed, "changed": "score-c1", "save_draft": "1"}


def evened(things: Things) -> dict[str, str]:
    sheet = things["sheet"]
    return {f"version-{sheet}": things["sheet_version"], f"score-{sheet}-c1": "61.5"}


def mark(things: Things) -> dict[str, str]:
    return {"chosen": str(things["pks"][0]), "mark": "proposed", "note": "再议"}


NOTICE = {"days": "5", "drafted": "5", "text": "现予公示", "issue": "1"}
WORDS = {"typed": "2022先导技术榜"}


def always(typed: dict[str, str]):
    return lambda _things: typed


# --- The body ----------------------------------------------------------------------------------------------

KEEP_PLAN = Deed(BODY, EVER - just("plan_filed") - since("closed"), ALWAYS, plan)
"""Any time until the scores are closed; not while the secretariat has it."""
FILE_PLAN = Deed(BODY, just("plan_drafted"), ALWAYS, always({}), again=just("recommended", "plan_filed"))
TAKE_IN = Deed(BODY, since("plan_recorded"), ALWAYS, newcomer)
SET_TERMS = Deed(BODY, since("taken_in"), ALWAYS, always({"most": "7", "employer": "清江大学"}))
ASSIGN = Deed(BODY, since("taken_in") & till("closed"), IN_PRELIMINARY, pairs, refused=LACKING)
SUGGEST = Deed(BODY, since("plan_recorded") & till("closed"), IN_PRELIMINARY, always({}))
UPLOAD = Deed(BODY, frozenset(), frozenset(), always({}), refused=frozenset({422}))
"""Nothing is sent here: what a file does is tried in tests/reviews/views/test_body_assign.py."""
DOWNLOAD = Deed(BODY, since("plan_recorded") & till("closed"), IN_PRELIMINARY, always({}))
REMIND = Deed(
    BODY,
    just("assigned", "filled"),
    IN_PRELIMINARY,
    lambda t: {"expert": str(t["experts"][0])},
    again=EVER,
    again_in=IN_PRELIMINARY,
)
"""With nobody late it reminds nobody."""
CLOSE = Deed(
    BODY, just("scored"), IN_PRELIMINARY, always({}), again=since("closed"), again_in=FROM_PRELIMINARY
)
REPORT = Deed(
    BODY,
    just("closed"),
    IN_PRELIMINARY,
    lambda t: {"seen": t["seen"]},
    again=since("reported"),
    again_in=IN_PRELIMINARY,
)

# --- The experts -------------------------------------------------------------------------------------------

ACCEPT = Deed(
    OWN, just("taken_in"), ALWAYS, always({"consents": "on", "commits": "on"}), again=since("committed")
)
LEAVE = Deed(OWN, since("committed"), ALWAYS, always({"reason": "出国访问"}))
RECOGNISE = Deed(BODY, since("taken_in") & till("closed"), IN_PRELIMINARY, recognised, refused=LACKING)
RECUSE = Deed(EXPERTS, since("committed") & till("closed"), IN_PRELIMINARY, conflict, refused=LACKING)
SCORE = Deed(OWN, just("assigned", "filled"), IN_PRELIMINARY, scores)
EVEN = Deed(OWN, just("assigned", "filled"), IN_PRELIMINARY, evened, refused=frozenset({302, 409}))
"""Another's row, and one that is submitted, is none of the table's: there is nothing to save."""
ABSTAIN = Deed(OWN, just("assigned", "filled"), IN_PRELIMINARY, lambda _things: {"reason": "不熟悉此项技术"})
SUBMIT = Deed(EXPERTS, just("filled"), IN_PRELIMINARY, always({}), again=since("scored"), refused=LACKING)

# --- The secretariat ---------------------------------------------------------------------------------------

RECORD_PLAN = Deed(OFFICE, just("plan_filed"), ALWAYS, always({"decision": "record"}))
MARK = Deed(OFFICE, just("reported", "marked"), FROM_FINAL, mark, refused=frozenset({302, 422}))
"""Each chosen row has its own answer, on the page that follows."""
NOTIFY = Deed(OFFICE, just("marked"), FROM_FINAL, always(NOTICE), again=since("noticed"))
PREPARE = Deed(
    OFFICE,
    just("noticed"),
    IN_PUBLICATION,
    always({"prepare": "1"}),
    again=since("prepared"),
    again_in=IN_PUBLICATION,
)
PUBLISH = Deed(SECOND, just("noticed", "prepared"), IN_PUBLICATION, always(WORDS), again=just("published"))
"""Where nothing has been prepared, any post prepares."""
PUBLISH_OWN = Deed(("office_a",), just("noticed"), IN_PUBLICATION, always(WORDS), again=just("published"))
"""Whoever prepared it doesn't publish it."""


def body(name: str, *deeds: Deed, shut: bool = True, **more) -> Address:
    """A page of the track's body; most open with the preliminary review."""
    given = {"phases": FROM_PRELIMINARY, "shut": BODY} if shut else {}
    return Address(f"reviews:{name}", BODY, EVER, deeds, args=(), query="?track={track}", **given, **more)


def expert(name: str, step: str, *deeds: Deed, query: str = "?track={track}", **more) -> Address:
    return Address(f"reviews:{name}", EXPERTS, since(step), deeds, args=(), query=query, **more)


def sheet(name: str, **more) -> Address:
    return Address(f"reviews:{name}", OWN, since("assigned"), (SCORE,), args=("pk=sheet",), **more)


def office(name: str, *deeds: Deed) -> Address:
    return Address(f"reviews:{name}", OFFICE, EVER, deeds, args=("year", "key"))


def public(name: str, step: str, *args: str, **more) -> Address:
    return Address(f"reviews:{name}", EVERYBODY, since(step), args=args, **more)


ADDRESSES = (
    body("body_home", shut=False),
    body("body_plan", KEEP_PLAN, shut=False),
    body("body_plan_file", FILE_PLAN, shut=False),
    body("body_experts", TAKE_IN, shut=False),
    body("body_assign", ASSIGN, shut=False),
    body("body_assign_suggest", SUGGEST, shut=False, get=NO_METHOD),
    body("body_assign_job", shut=False),
    body("body_assign_table", UPLOAD),
    body("body_assign_download", DOWNLOAD, get=NO_METHOD),
    body("body_check_queue"),
    body("body_conflicts", RECOGNISE),
    body("body_progress"),
    body("body_remind", REMIND, get=NO_METHOD),
    body("body_close", CLOSE),
    body("body_results"),
    body("body_results_submit", REPORT),
    body("body_results_paper", get=PAPER),
    body("body_results_job", get=PAPER),
    Address(
        "reviews:expert_invitation", OWN, since("taken_in"), (ACCEPT,), get=NO_METHOD, args=("pk=serving",)
    ),
    Address("reviews:expert_leave", OWN, since("taken_in"), (LEAVE,), args=("pk=serving",)),
    Address(
        "reviews:body_expert",
        BODY,
        since("taken_in"),
        (SET_TERMS,),
        args=("pk=serving",),
        query="?track={track}",
    ),
    expert("expert_conflicts", "taken_in", RECUSE, query=""),
    expert("expert_summary", "assigned", EVEN),
    expert("expert_submit", "assigned", SUBMIT),
    sheet("expert_score"),
    Address("reviews:expert_abstain", OWN, since("assigned"), (ABSTAIN,), args=("pk=sheet",)),
    sheet("expert_autosave", get=NO_METHOD),
    Address("reviews:office_plan", OFFICE, since("plan_filed"), (RECORD_PLAN,), args=("pk=plan",)),
    office("office_final_ranking", MARK),
    office("office_notice", NOTIFY),
    office("office_list", PREPARE, PUBLISH, PUBLISH_OWN),
    public("notice", "noticed", "pk=notice"),
    public("list", "recommended", "year", "key"),
    public("list_xlsx", "published", "year", "key", get=PAPER),
    public("list_pdf", "published", "year", "key", get=PAPER),
    public("verified", "published", "code", get=OK),
)

TOLD = (
    Address("reviews:expert_home", EXPERTS, since("assigned"), args=()),
    Address(
        "reviews:expert_conflicts",
        EXPERTS,
        since("committed") & till("reported"),
        args=(),
        phases=FROM_PRELIMINARY,
    ),
    Address("reviews:list", EVERYBODY, just("published"), args=("year", "key")),
    Address("reviews:home", EVERYBODY, frozenset(), args=()),
)
"""List → who reads in it of what is under review, at which steps (S4, P5)."""
