"""The matrix: a rule for every address (S2). To add an address, add a line to RULES.

A rule says who gets in, of the people below, to the things of the world that the test builds (a nomination of
云脉 that went the whole way through 中国电子学会 to the published list). Whoever isn't named gets the page of an
address that does not exist, or, not signed in, the login page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from accounts.invitations import key_of
from tests.reviews.offline import score_import

ANONYMOUS = "anonymous"
APPLICANTS = ("applicant", "colleague", "stranger")
OWNERS = ("applicant", "colleague")
UNIT = ("unit_person", "handler")
"""An administrator of it and one who handles: what the latter may not do is in by_state.py."""
UNITS = (*UNIT, "other_unit_person")
BODIES = ("body_person", "other_body_person")
EXPERTS = ("expert_a", "expert_b")
OFFICE = ("office_a", "office_b")
ADMIN = ("admin",)
SIGNED_IN = (*APPLICANTS, *UNITS, *BODIES, *EXPERTS, *OFFICE, *ADMIN)
EVERYBODY = (ANONYMOUS, *SIGNED_IN)
PEOPLE = EVERYBODY
"""Everybody of the cast; stranger, other_unit_person, other_body_person and expert_b are others of their role."""

SHOWN = frozenset({200, 302, 304})
"""The page, or on to where the thing now is."""
POST_ONLY = frozenset({405})
NO_PASSWORD = frozenset({200, 302, 403})
"""Who never set a password can't prove it again."""
NOT_THERE_YET = frozenset({200, 302, 404})
"""Where the thing itself may be missing (a paper not made yet)."""


@dataclass(frozen=True)
class Rule:
    """Who gets in, with which thing, and what a GET answers them."""

    who: tuple[str, ...]
    args: Callable[[Any], dict[str, Any]] = field(default=lambda world: {})
    get: frozenset[int] = SHOWN


def number(world: Any) -> dict[str, Any]:
    return {"number": world.nomination.number}


def scan(world: Any) -> dict[str, Any]:
    return {**number(world), "public_id": world.scan, "page": 1}


def sheet(world: Any) -> dict[str, Any]:
    return {**number(world), "public_id": world.scan, "sheet": 1}


def section(world: Any) -> dict[str, Any]:
    return {"number": world.nomination.number, "section": "team"}


FILE = "0" * 32
"""The id of no file: who may have which is tried with real ones in tests/nominations/test_attachments.py."""


def file(world: Any) -> dict[str, Any]:
    return {"number": world.nomination.number, "file_id": FILE}


def uploaded(world: Any) -> dict[str, Any]:
    return {"pk": score_import(world.sheet).pk}


def in_year(world: Any) -> dict[str, Any]:
    return {"year": 2022, "key": "pioneer_technology"}


def key(world: Any) -> dict[str, Any]:
    return {"key": "pioneer_technology"}


def pk(name: str) -> Callable[[Any], dict[str, Any]]:
    return lambda world: {"pk": getattr(world, name).pk}


def _applicant(name: str, get: frozenset[int] = SHOWN) -> tuple[str, Rule]:
    return f"nominations:{name}", Rule(OWNERS, number, get)


def _unit(name: str, get: frozenset[int] = SHOWN) -> tuple[str, Rule]:
    return f"nominations:{name}", Rule(UNIT, number, get)


def _office(name: str, args: Callable[[Any], dict[str, Any]] | None = None, get: frozenset[int] = SHOWN):
    return name, Rule(OFFICE, args or (lambda world: {}), get)


RULES: dict[str, Rule] = dict(
    (
        # The frame and the account.
        ("set_language", Rule(EVERYBODY, get=POST_ONLY)),
        ("large_type", Rule(EVERYBODY, get=POST_ONLY)),
        ("job", Rule(("applicant",), lambda world: {"job_id": world.job.pk})),
        ("job_file", Rule(("applicant",), lambda world: {"job_id": world.job.pk}, NOT_THERE_YET)),
        ("account_login", Rule(EVERYBODY)),
        ("account_logout", Rule(EVERYBODY)),
        ("account_signup", Rule(EVERYBODY)),
        ("account_email_verification_sent", Rule(EVERYBODY)),
        ("account_email", Rule(EVERYBODY)),
        ("account_inactive", Rule(EVERYBODY)),
        ("account_reauthenticate", Rule(SIGNED_IN, get=NO_PASSWORD)),
        ("mfa_index", Rule(SIGNED_IN)),
        ("mfa_authenticate", Rule(EVERYBODY)),
        ("mfa_reauthenticate", Rule(SIGNED_IN, get=NO_PASSWORD)),
        ("mfa_activate_totp", Rule(SIGNED_IN)),
        ("mfa_deactivate_totp", Rule(SIGNED_IN, get=NOT_THERE_YET)),
        ("mfa_view_recovery_codes", Rule(SIGNED_IN, get=NOT_THERE_YET)),
        ("mfa_generate_recovery_codes", Rule(SIGNED_IN, get=NOT_THERE_YET)),
        ("mfa_download_recovery_codes", Rule(SIGNED_IN, get=NOT_THERE_YET)),
        ("account_reset_password", Rule(EVERYBODY)),
        ("account_reset_password_done", Rule(EVERYBODY)),
        ("account_reset_password_from_key", Rule(EVERYBODY, lambda world: {"uidb36": "1", "key": "x-y"})),
        ("account_reset_password_from_key_done", Rule(EVERYBODY)),
        ("notice_choices", Rule(SIGNED_IN)),
        # Whoever has a mail's link; without one there is nothing (tests/accounts/test_choices.py).
        ("stop_mail", Rule(EVERYBODY, get=frozenset({400}))),
        ("messages", Rule(SIGNED_IN)),
        ("messages_read", Rule(SIGNED_IN, get=POST_ONLY)),
        ("message", Rule(("applicant",), pk("told"), POST_ONLY)),
        ("invitation", Rule(EVERYBODY, lambda world: {"key": key_of(world.invitation)})),
        # The public.
        ("nominations:help", Rule(EVERYBODY)),
        ("nominations:accessibility", Rule(EVERYBODY)),
        ("nominations:sitemap", Rule(EVERYBODY)),
        ("nominations:rankings", Rule(EVERYBODY)),
        ("nominations:ranking", Rule(EVERYBODY, key)),
        ("nominations:ranking_blank", Rule(EVERYBODY, key, NOT_THERE_YET)),
        ("reviews:home", Rule(EVERYBODY)),
        ("reviews:notices", Rule(EVERYBODY)),
        ("reviews:notice", Rule(EVERYBODY, pk("notice"))),
        ("reviews:lists", Rule(EVERYBODY)),
        ("reviews:list", Rule(EVERYBODY, in_year)),
        ("reviews:list_xlsx", Rule(EVERYBODY, in_year, NOT_THERE_YET)),
        ("reviews:list_pdf", Rule(EVERYBODY, in_year, NOT_THERE_YET)),
        ("reviews:verify", Rule(EVERYBODY)),
        ("nominations:verify_receipt", Rule(EVERYBODY)),
        ("reviews:verified", Rule(EVERYBODY, lambda world: {"code": world.published.check_code})),
        ("reviews:mark", Rule(EVERYBODY, lambda world: {"code": world.published.check_code, "page": "1-4"})),
        # The applicant.
        ("nominations:start", Rule(APPLICANTS, key)),
        ("nominations:catalogue_search", Rule(SIGNED_IN, lambda world: {"key": "industries"})),
        ("nominations:my", Rule(APPLICANTS)),
        ("nominations:organisation", Rule(APPLICANTS)),
        _applicant("tasks"),
        _applicant("conditions"),
        _applicant("category"),
        _applicant("unit"),
        _applicant("preview"),
        _applicant("preview_pdf", NOT_THERE_YET),
        _applicant("paper", NOT_THERE_YET),
        _applicant("check"),
        _applicant("submitted"),
        _applicant("receipt"),
        _applicant("receipt_json"),
        _applicant("seal"),
        _applicant("seal_reading", NOT_THERE_YET),
        ("nominations:seal_confirm", Rule(OWNERS, scan, NOT_THERE_YET)),
        ("nominations:restore", Rule(OWNERS, lambda world: {**number(world), "version": 1})),
        (
            "nominations:scan_picture",
            Rule(
                (*OWNERS, *UNIT, *OFFICE),
                lambda world: {"public_id": world.scan, "page": 1},
                frozenset({200}),
            ),
        ),
        _applicant("progress"),
        _applicant("history"),
        _applicant("withdraw"),
        _applicant("avoid"),
        _applicant("data"),
        _applicant("data_json"),
        _applicant("data_xlsx", NOT_THERE_YET),
        _applicant("data_job", NOT_THERE_YET),
        _applicant("data_import", POST_ONLY),
        ("nominations:api_nominations", Rule(APPLICANTS)),
        _applicant("api_nomination"),
        _applicant("api_submit", POST_ONLY),
        ("nominations:section", Rule(OWNERS, section)),
        ("nominations:present", Rule(OWNERS, section, POST_ONLY)),
        ("nominations:autosave", Rule(OWNERS, section, POST_ONLY)),
        ("nominations:files", Rule(OWNERS, number, POST_ONLY)),
        ("nominations:file", Rule(OWNERS, file, NOT_THERE_YET)),
        ("nominations:file_state", Rule(OWNERS, file, NOT_THERE_YET)),
        # The recommending unit.
        ("nominations:unit_desk", Rule(UNITS)),
        ("nominations:unit_list", Rule(UNITS)),
        ("nominations:unit_bulk", Rule(UNITS)),
        ("nominations:unit_summary", Rule(UNITS)),
        ("nominations:unit_summary_paper", Rule(UNITS, get=POST_ONLY)),
        ("nominations:unit_deadline", Rule(UNITS)),
        ("nominations:unit_selections", Rule(UNITS)),
        ("nominations:unit_selection_new", Rule(UNITS, lambda world: {"track": world.nomination.track_id})),
        ("nominations:unit_selection", Rule(UNIT, pk("selection"))),
        ("nominations:unit_ballots", Rule(UNIT, pk("selection"))),
        ("nominations:unit_selection_close", Rule(UNIT, pk("selection"))),
        ("nominations:unit_selection_ties", Rule(UNIT, pk("selection"))),
        ("nominations:unit_selection_cancel", Rule(UNIT, pk("selection"))),
        ("nominations:unit_minute", Rule(UNIT, pk("selection"), POST_ONLY)),
        ("nominations:unit_imports", Rule(UNITS)),
        ("nominations:unit_import_template", Rule(UNITS, key)),
        ("nominations:unit_import", Rule(UNIT, pk("unit_import"))),
        ("nominations:unit_import_job", Rule(UNIT, pk("unit_import"))),
        _unit("unit_nomination"),
        _unit("unit_prepare", POST_ONLY),
        ("nominations:unit_people", Rule(UNITS)),
        ("nominations:unit_person", Rule(UNIT, pk("member"))),
        ("nominations:unit_invitation", Rule(UNIT, pk("invitation"), POST_ONLY)),
        _unit("unit_recommend", POST_ONLY),
        _unit("unit_history"),
        _unit("unit_return"),
        ("nominations:unit_file", Rule(UNIT, file, NOT_THERE_YET)),
        _unit("unit_decline"),
        _unit("unit_take_back"),
        _unit("unit_seal"),
        _unit("unit_seal_reading", NOT_THERE_YET),
        _unit("unit_paper", NOT_THERE_YET),
        ("nominations:unit_twin", Rule(UNIT, lambda w: {**number(w), **pk("twin")(w)})),
        ("nominations:unit_seal_confirm", Rule(UNIT, scan, NOT_THERE_YET)),
        # The review body.
        ("reviews:body_home", Rule(BODIES)),
        ("reviews:body_plan", Rule(BODIES)),
        ("reviews:body_plan_file", Rule(BODIES, get=SHOWN | POST_ONLY)),
        ("reviews:body_check_queue", Rule(BODIES)),
        ("reviews:body_check", Rule(("body_person",), number)),
        ("reviews:body_correction", Rule(("body_person",), number)),
        ("reviews:body_scan", Rule(("body_person",), sheet, frozenset({200}))),
        ("reviews:body_file", Rule(("body_person",), file, NOT_THERE_YET)),
        ("reviews:body_assign", Rule(BODIES)),
        ("reviews:body_assign_suggest", Rule(BODIES, get=SHOWN | POST_ONLY)),
        ("reviews:body_assign_job", Rule(BODIES)),
        ("reviews:body_assign_table", Rule(BODIES)),
        ("reviews:body_assign_download", Rule(BODIES, get=SHOWN | POST_ONLY)),
        ("reviews:body_assign_upload", Rule(("body_person",), pk("assignments_import"))),
        ("reviews:body_assign_upload_job", Rule(("body_person",), pk("assignments_import"))),
        ("reviews:body_blind", Rule(BODIES)),
        # This world's plan isn't for a blind review, nor has its ranking files.
        ("reviews:body_blind_one", Rule(("body_person",), number, NOT_THERE_YET)),
        ("reviews:body_blind_file", Rule(("body_person",), file, NOT_THERE_YET)),
        ("reviews:body_experts", Rule(BODIES)),
        ("reviews:body_experts_list", Rule(BODIES, get=SHOWN | POST_ONLY)),
        ("reviews:body_experts_imports", Rule(BODIES)),
        ("reviews:body_experts_template", Rule(BODIES)),
        ("reviews:body_experts_import", Rule(("body_person",), pk("experts_import"))),
        ("reviews:body_experts_import_job", Rule(("body_person",), pk("experts_import"))),
        ("reviews:body_expert", Rule(("body_person",), pk("serving"))),
        ("reviews:body_expert_invite", Rule(("body_person",), pk("serving"), POST_ONLY)),
        ("reviews:body_expert_remove", Rule(("body_person",), pk("serving"))),
        ("reviews:body_conflicts", Rule(BODIES)),
        # Of a conflict that its address names behind “?”: without one there is nothing (tests/reviews/test_recusals.py).
        ("reviews:body_conflicts_lift", Rule(())),
        ("reviews:body_progress", Rule(BODIES)),
        ("reviews:body_remind", Rule(BODIES, get=SHOWN | POST_ONLY)),
        ("reviews:body_close", Rule(BODIES, get=SHOWN | POST_ONLY)),
        ("reviews:body_meeting", Rule(BODIES)),
        ("reviews:body_meeting_plan", Rule(BODIES)),
        ("reviews:body_meeting_present", Rule(BODIES, get=POST_ONLY)),
        ("reviews:body_meeting_round", Rule(("body_person",))),
        ("reviews:body_meeting_round_close", Rule(("body_person",))),
        ("reviews:body_meeting_ballots", Rule(("body_person",))),
        ("reviews:body_meeting_close", Rule(("body_person",))),
        ("reviews:body_meeting_minute", Rule(("body_person",), get=POST_ONLY)),
        ("reviews:body_results", Rule(BODIES)),
        ("reviews:body_results_submit", Rule(BODIES, get=SHOWN | POST_ONLY)),
        ("reviews:body_analysis", Rule(BODIES)),
        ("reviews:body_result_export", Rule(BODIES, get=NOT_THERE_YET)),
        ("reviews:body_reasons", Rule(BODIES)),
        ("reviews:body_share", Rule(BODIES)),
        ("reviews:body_share_answer", Rule(BODIES, get=SHOWN | POST_ONLY)),
        ("reviews:body_withhold", Rule(BODIES)),
        ("reviews:body_result_scan", Rule(BODIES, get=SHOWN | POST_ONLY)),
        ("reviews:body_result_scan_file", Rule(BODIES, lambda w: {"public_id": FILE}, NOT_THERE_YET)),
        ("reviews:body_results_paper", Rule(BODIES, get=NOT_THERE_YET | POST_ONLY)),
        ("reviews:body_results_job", Rule(BODIES, get=NOT_THERE_YET | POST_ONLY)),
        # The experts; one expert's sheet is not another's.
        ("reviews:expert_home", Rule(EXPERTS)),
        ("reviews:expert_invitations", Rule(EXPERTS)),
        ("reviews:expert_invitation", Rule(("expert_a",), pk("serving"), POST_ONLY)),
        ("reviews:expert_leave", Rule(("expert_a",), pk("serving"))),
        ("reviews:expert_profile", Rule(EXPERTS)),
        ("reviews:expert_conflicts", Rule(EXPERTS)),
        ("reviews:expert_summary", Rule(EXPERTS)),
        ("reviews:expert_offline", Rule(EXPERTS)),
        ("reviews:expert_upload", Rule(("expert_a",), uploaded)),
        ("reviews:expert_upload_job", Rule(("expert_a",), uploaded)),
        ("reviews:expert_submit", Rule(EXPERTS, get=SHOWN | POST_ONLY)),
        ("reviews:expert_abstain", Rule(("expert_a",), pk("sheet"))),
        ("reviews:expert_meeting", Rule(("expert_a",), pk("meeting"))),
        ("reviews:expert_recuse", Rule(("expert_a",), pk("sheet"))),
        ("reviews:expert_score", Rule(("expert_a",), pk("sheet"))),
        (
            "reviews:expert_file",
            Rule(("expert_a",), lambda w: {"pk": w.sheet.pk, "file_id": FILE}, NOT_THERE_YET),
        ),
        ("reviews:expert_autosave", Rule(("expert_a",), pk("sheet"), POST_ONLY)),
        # The secretariat.
        _office("reviews:office_home"),
        _office("nominations:office_season"),
        _office("nominations:office_correction", key),
        _office("nominations:office_stage", pk("stage")),
        _office("nominations:office_units_stage", get=POST_ONLY),
        _office("nominations:office_load"),
        _office("nominations:office_exceptions"),
        _office("nominations:office_exception", pk("extension")),
        _office("nominations:office_closing", pk("closing")),
        _office("nominations:office_twins"),
        _office("nominations:office_twin", pk("twin")),
        _office("nominations:office_nominations"),
        _office("nominations:office_export", get=SHOWN | POST_ONLY),
        _office("nominations:office_tallies", get=SHOWN | POST_ONLY),
        _office("nominations:office_nomination", number),
        _office("nominations:office_paper", lambda world: {**number(world), "version": 1}, NOT_THERE_YET),
        _office("nominations:office_history", number),
        _office("nominations:office_exclusions"),
        _office("nominations:office_pilot_places"),
        _office("nominations:office_list_import", pk("list_import")),
        _office(
            "nominations:office_options",
            lambda world: {"key": "international_cooperation", "question": "direction"},
        ),
        _office("nominations:office_file", file, NOT_THERE_YET),
        _office("nominations:office_units"),
        _office("nominations:office_unit_new"),
        _office("nominations:office_units_import"),
        _office("nominations:office_units_template"),
        _office("nominations:office_units_upload", pk("units_import")),
        _office("nominations:office_units_upload_job", pk("units_import")),
        _office("nominations:office_units_chosen", get=POST_ONLY),
        _office("nominations:office_unit_invite", pk("unit"), POST_ONLY),
        _office("nominations:office_invitation", pk("invitation"), POST_ONLY),
        _office("nominations:office_quota"),
        _office("nominations:office_quota_change", pk("quota_change")),
        _office("nominations:office_unit", pk("unit")),
        _office("reviews:office_plan", pk("plan")),
        _office("reviews:office_result", pk("result")),
        _office("reviews:office_result_export", pk("result")),
        _office(
            "reviews:office_result_scan", lambda w: {"pk": w.result.pk, "public_id": FILE}, NOT_THERE_YET
        ),
        _office("reviews:office_conflicts"),
        _office("reviews:office_final"),
        _office("reviews:office_final_ranking", in_year),
        _office("reviews:office_notices"),
        _office("reviews:office_notice", in_year),
        _office("reviews:office_lists"),
        _office("reviews:office_list", in_year),
        _office("reviews:office_audit"),
    )
)
"""Address → rule."""

ADMIN_SITE = "admin:"
"""The admin site's addresses share one rule: the administrator alone, and to read."""
