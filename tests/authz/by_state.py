"""A nomination's addresses: who sees it in which states, who does what to it, from which and when."""

from __future__ import annotations

from tests.authz.rules import (
    ALWAYS,
    BEFORE,
    CALL,
    FROM_PRELIMINARY,
    NO_METHOD,
    OK,
    PAPER,
    PRELIMINARY,
    Address,
    Deed,
    Things,
    Typed,
)

OWNERS = ("applicant", "colleague")
UNIT = ("unit_person", "handler")
APPROVER = ("unit_person",)
HANDLER = ("handler",)
OTHER_UNIT = ("other_unit_person",)
UNITS = (*UNIT, *OTHER_UNIT)
BODY = ("body_person",)
BODIES = ("body_person", "other_body_person")
OFFICE = ("office_a", "office_b")

NEVER_SENT = frozenset({"draft", "withdrawn_draft", "moved"})
"""No unit has it: not submitted, or returned and then named to another unit."""
WITH_UNIT = frozenset({"submitted", "returned", "recommended", "declined", "withdrawn"})
CHECKED = frozenset({"accepted", "rejected"})
REVIEWED = frozenset({"in_review", "shortlisted", "not_shortlisted", "listed", "not_listed", "published"})
AT_BODY = frozenset({"recommended", "correcting"}) | CHECKED | REVIEWED
SENT = WITH_UNIT | AT_BODY
STATES = NEVER_SENT | SENT
WRITABLE = frozenset({"draft", "returned", "moved"})
WHOLLY_OPEN = frozenset({"draft", "moved"})
"""What was returned was returned for its introduction alone; what was moved, as a whole."""
WITHDRAWABLE = WRITABLE | {"submitted", "recommended"}
CORRECTING = frozenset({"correcting"})
"""Asked of it at the moment of the preliminary phase, with its introduction alone to be corrected."""
IN_CALL = frozenset({CALL})
IN_PRELIMINARY = frozenset({PRELIMINARY})

WHY = "附件与表中数据不一致"


def said(_things: Things) -> dict[str, str]:
    return {"reason": WHY, "section-introduction": WHY}


def opinion(things: Things) -> dict[str, str]:
    return {"seen": things["version"], "opinion": "同意推荐", "confirmed": "1"}


def together(things: Things) -> dict[str, str]:
    return {
        "no": things["number"],
        f"seen-{things['number']}": things["version"],
        "opinion": "同意推荐",
        "confirmed": "1",
    }


def written(things: Things) -> dict[str, str]:
    return {"version": things["saved"], "introduction_text": "改写", "changed": "introduction_text"}


def confirmed(things: Things) -> dict[str, str]:
    return {"confirmed": "1", "version": things["edited"], "answers": '{"introduction_text": "改写"}'}


def written_elsewhere(things: Things) -> dict[str, str]:
    return {"version": things["saved_elsewhere"], "phone": "010-62559999", "changed": "phone"}


def confirmed_elsewhere(things: Things) -> dict[str, str]:
    return {"confirmed": "1", "version": things["edited"], "answers": '{"phone": "010-62559999"}'}


SUBMIT = Deed(OWNERS, WRITABLE, IN_CALL, lambda t: {"promised": "1"}, again=frozenset({"submitted"}))
WITHDRAW = Deed(OWNERS, WITHDRAWABLE, IN_CALL, said)
WRITE = Deed(OWNERS, WRITABLE, IN_CALL, written)
TYPE = Deed(OWNERS, WRITABLE, IN_CALL, written, refused=frozenset({422}))
"""While typing: to the page's script 409 would say that two people wrote."""
IMPORT = Deed(OWNERS, WRITABLE, IN_CALL, confirmed)
WRITE_ELSEWHERE = Deed(OWNERS, WHOLLY_OPEN, IN_CALL, written_elsewhere)
"""What the unit didn't return stays as it was submitted."""
TYPE_ELSEWHERE = Deed(OWNERS, WHOLLY_OPEN, IN_CALL, written_elsewhere, refused=frozenset({422}))
IMPORT_ELSEWHERE = Deed(OWNERS, WHOLLY_OPEN, IN_CALL, confirmed_elsewhere)
AVOID = Deed(
    OWNERS,
    frozenset({"draft", "moved", "submitted", "returned", "recommended"}),
    frozenset({BEFORE, CALL}),
    lambda t: {"name_0": "吴志远", "organisation_0": "清江大学", "reason_0": WHY},
)
EXPORT = Deed(OWNERS, STATES, ALWAYS, lambda t: {})
PRESENT = Deed(OWNERS, frozenset(), ALWAYS, lambda t: {}, again=STATES)
"""Says that the page is open; nothing of the nomination changes."""
CHOOSE = Deed(OWNERS, WHOLLY_OPEN, IN_CALL, lambda t: {"unit": t["third_unit"]})
PROMISE = Deed(OWNERS, frozenset(), IN_CALL, lambda t: {"promise": "transferable"}, WRITABLE, IN_CALL)
"""All is promised already: a good answer, and no effect."""
CATEGORY = Deed(
    OWNERS, frozenset(), ALWAYS, lambda t: {"category": "创业先锋", "confirmed": "1"}, again=STATES
)
"""This ranking has no categories: there is nothing to change."""
CORRECT = Deed(
    OWNERS, CORRECTING, IN_PRELIMINARY, lambda t: {"promised": "1"}, again=frozenset({"submitted"})
)
WRITE_CORRECTION = Deed(OWNERS, CORRECTING, IN_PRELIMINARY, written)
TYPE_CORRECTION = Deed(OWNERS, CORRECTING, IN_PRELIMINARY, written, refused=frozenset({422}))
IMPORT_CORRECTION = Deed(OWNERS, CORRECTING, IN_PRELIMINARY, confirmed)
PRINT = Deed(OWNERS, WRITABLE | CORRECTING | {"withdrawn_draft"}, ALWAYS, lambda t: {}, again=SENT)
"""A draft is printed whenever its owner asks; what was submitted is printed already."""
RECEIPT = Deed(OWNERS, SENT | {"moved"}, ALWAYS, lambda t: {}, again=frozenset({"draft", "withdrawn_draft"}))
"""Who never submitted anything is led back to the tasks."""
PREPARE = Deed(UNIT, frozenset({"submitted"}), IN_CALL, opinion)
RECOMMEND = Deed(APPROVER, frozenset({"submitted"}), IN_CALL, opinion, again=frozenset({"recommended"}))
TOGETHER = Deed(APPROVER, frozenset({"submitted"}), IN_CALL, together, refused=OK)
"""Several together: the answer is a page that tells the result of each."""
NOT_ONES_OWN = Deed(OTHER_UNIT, frozenset(), ALWAYS, together, refused=OK)
ORDER = Deed(
    UNIT,
    AT_BODY,
    IN_CALL,
    lambda t: {f"order-{t['recommendation']}": "7"},
    again=STATES - AT_BODY,
    refused=frozenset({302, 409}),
)
"""The order of what it recommends; another unit has nothing to put in order."""
RETURN = Deed(UNIT, frozenset({"submitted", "recommended"}), IN_CALL, said)
DECLINE = Deed(APPROVER, frozenset({"submitted"}), IN_CALL, said)
TAKE_BACK = Deed(APPROVER, frozenset({"recommended"}), IN_CALL, said)


def approvers(typed: Typed) -> Deed:
    """What one who handles sees and doesn't do: told so whatever the state and the phase."""
    return Deed(HANDLER, frozenset(), ALWAYS, typed, refused=frozenset({403}))


PASS = Deed(
    BODY,
    frozenset({"recommended"}),
    IN_PRELIMINARY,
    lambda t: {"verdict": "pass"},
    again=frozenset({"accepted"}),
)
FAIL = Deed(
    BODY,
    frozenset({"recommended"}),
    IN_PRELIMINARY,
    lambda t: {"verdict": "fail", "reason-other": WHY},
    again=frozenset({"rejected"}),
)

ASK = Deed(
    BODY,
    frozenset({"recommended"}),
    IN_PRELIMINARY,
    lambda t: {"confirmed": "1", "section-introduction": WHY},
    again=CORRECTING,
    again_in=FROM_PRELIMINARY,
)
"""Asked with the same words it is asked already."""

SEND = Deed(OWNERS, frozenset(), ALWAYS, lambda t: {"control": "x"}, refused=frozenset({422}))
"""This ranking asks for no files; what may be sent when, is tried in tests/nominations/test_attachments.py."""

ADDRESSES = (
    # The applicant and whoever acts for the same organisation: always there.
    Address("nominations:tasks", OWNERS, STATES),
    Address("nominations:section", OWNERS, STATES, (WRITE, WRITE_CORRECTION), args=("number", "section")),
    Address("nominations:section", OWNERS, STATES, (WRITE_ELSEWHERE,), args=("number", "section=elsewhere")),
    Address(
        "nominations:autosave", OWNERS, STATES, (TYPE, TYPE_CORRECTION), NO_METHOD, ("number", "section")
    ),
    Address(
        "nominations:autosave", OWNERS, STATES, (TYPE_ELSEWHERE,), NO_METHOD, ("number", "section=elsewhere")
    ),
    Address("nominations:conditions", OWNERS, STATES, (PROMISE,)),
    Address("nominations:category", OWNERS, STATES, (CATEGORY,)),
    Address("nominations:present", OWNERS, STATES, (PRESENT,), NO_METHOD, ("number", "section")),
    Address("nominations:files", OWNERS, STATES, (SEND,), NO_METHOD),
    Address("nominations:unit", OWNERS, STATES, (CHOOSE,)),
    Address("nominations:preview", OWNERS, STATES, (PRINT,)),
    Address("nominations:preview_pdf", OWNERS, STATES),
    Address("nominations:paper", OWNERS, STATES, get=PAPER),
    Address("nominations:check", OWNERS, STATES, (SUBMIT, CORRECT)),
    Address("nominations:submitted", OWNERS, STATES),
    Address("nominations:receipt", OWNERS, STATES, (RECEIPT,)),
    Address("nominations:receipt_json", OWNERS, STATES, get=PAPER),
    Address("nominations:progress", OWNERS, STATES),
    Address("nominations:history", OWNERS, STATES),
    Address("nominations:withdraw", OWNERS, STATES, (WITHDRAW,)),
    Address("nominations:avoid", OWNERS, STATES, (AVOID,)),
    Address("nominations:data", OWNERS, STATES, (EXPORT,)),
    Address("nominations:data_json", OWNERS, STATES),
    Address("nominations:data_xlsx", OWNERS, STATES),
    Address("nominations:data_job", OWNERS, STATES, get=PAPER),
    Address(
        "nominations:data_import",
        OWNERS,
        STATES,
        (IMPORT, IMPORT_ELSEWHERE, IMPORT_CORRECTION),
        NO_METHOD,
    ),
    Address("nominations:api_nomination", OWNERS, STATES),
    Address("nominations:api_submit", OWNERS, STATES, (SUBMIT, CORRECT), NO_METHOD),
    # The unit that it names: once it was submitted to it.
    Address("nominations:unit_nomination", UNIT, SENT),
    Address("nominations:unit_recommend", UNIT, SENT, (RECOMMEND, approvers(opinion)), NO_METHOD),
    Address("nominations:unit_prepare", UNIT, SENT, (PREPARE,), NO_METHOD),
    Address("nominations:unit_history", UNIT, SENT),
    Address("nominations:unit_return", UNIT, SENT, (RETURN,)),
    Address("nominations:unit_decline", UNIT, SENT, (DECLINE, approvers(said))),
    Address("nominations:unit_take_back", UNIT, SENT, (TAKE_BACK, approvers(said))),
    Address("nominations:unit_bulk", UNITS, STATES, (TOGETHER, approvers(together), NOT_ONES_OWN), args=()),
    Address("nominations:unit_summary", UNITS, STATES, (ORDER,), args=()),
    # The body of its track: once it was recommended, and not before the preliminary review begins.
    Address("reviews:body_check", BODY, AT_BODY, (PASS, FAIL), phases=FROM_PRELIMINARY, shut=BODIES),
    Address("reviews:body_correction", BODY, AT_BODY, (ASK,), phases=FROM_PRELIMINARY, shut=BODIES),
    # The secretariat: always; it changes nothing.
    Address("nominations:office_nomination", OFFICE, STATES),
    Address("nominations:office_history", OFFICE, STATES),
    Address("nominations:office_paper", OFFICE, STATES, get=PAPER, args=("number", "version")),
)

TOLD = (
    Address("nominations:my", OWNERS, STATES, args=()),
    Address("nominations:api_nominations", OWNERS, STATES, args=()),
    Address("nominations:unit_list", UNIT, SENT, args=()),
    Address("nominations:unit_summary", UNIT, AT_BODY, args=()),
    Address("reviews:body_check_queue", BODY, AT_BODY, args=(), phases=FROM_PRELIMINARY),
    Address("nominations:office_nominations", OFFICE, STATES, args=()),
    Address("reviews:list", ("anonymous",), frozenset({"published"}), args=("year", "key")),
)
"""List → who finds the nomination in it, in which states: the same set as the pages show (S4)."""
