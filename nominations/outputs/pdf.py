"""Papers: the official form as PDF (附件2), of a frozen version or of a draft; printed by the worker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from kczg.kit import papers
from nominations.answers import Tree, walk
from nominations.frozen import APPLICANT, RECOMMENDER
from nominations.models import Nomination, Recommendation, Version
from nominations.outputs.marks import Marked, marked
from nominations.outputs.paper import FormPaper
from nominations.outputs.supplement import supplement


def form_pdf(version: Version) -> Marked:
    """The form of a frozen version, with its check code and a mark on every page, to be stamped.

    While a recommendation of this version stands, the unit's opinion is printed in its box.
    """
    number = version.content["number"]
    content = render(form_paper(version))
    return marked(content, number, version.check_code, version.number, version.digest, settings.SITE_URL)


def draft_pdf(nomination: Nomination) -> bytes:
    """The form as it stands now, with 草稿 across every page and no check code."""
    return render(draft_paper(nomination))


def form_paper(version: Version) -> FormPaper:
    """What the paper of a frozen version shows: the frozen content, nothing that was written later."""
    content = version.content
    tree = _tree(version.nomination, content["answers"], content["category"])
    standing = Recommendation.objects.filter(version=version, ended_at=None).first()
    opinion = standing.opinion if standing else ""
    sealers = {APPLICANT: (content["applicant"], ""), RECOMMENDER: (content["unit"], opinion)}
    return FormPaper(tree, content["number"], version.check_code, sealers, supplement=supplement(version))


def draft_paper(nomination: Nomination) -> FormPaper:
    """What the paper of a draft shows: the answers as they stand now."""
    tree = _tree(nomination, nomination.answers, nomination.category)
    unit = nomination.unit.organisation.name if nomination.unit else ""
    sealers = {APPLICANT: (nomination.applicant.name, ""), RECOMMENDER: (unit, "")}
    return FormPaper(tree, nomination.number, "", sealers)


def _tree(nomination: Nomination, answers: Mapping[str, Any], category: str) -> Tree:
    form = nomination.ranking.form
    assert form is not None  # Nothing is begun for a ranking without a form.
    return walk(form, answers, category=category, season_year=nomination.season.year)


def render(paper: FormPaper) -> bytes:
    """The paper as PDF, without the marks of its pages."""
    context = {"paper": paper, "mark_empty": paper.is_draft}
    return papers.render_template("papers/form.html", context, fit=Fitting(paper))


class Fitting:
    """Cuts a paper's tables where its pages end; asked after each lay-out for the next one."""

    def __init__(self, paper: FormPaper):
        self.paper = paper

    def __call__(self, places: papers.Places) -> dict[str, Any] | None:
        if self.paper.places:
            return None
        after = self.paper.without_scraps(places) or self.paper.fitted(places)
        if after is None:
            return None
        self.paper = after
        return {"paper": after}
