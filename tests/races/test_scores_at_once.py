"""An expert and the body who act at once: what was submitted counts, or was never submitted (R1)."""

from threading import Event

import pytest
from django.conf import settings
from django.db import transaction

from accounts.roles import Role
from reviews.actions import experts, scores
from reviews.models import Assignment
from tests import cast
from tests.races import crowd

pytestmark = [
    pytest.mark.races,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "sqlite" in settings.DATABASES["default"]["ENGINE"], reason="SQLite has no rows to lock"
    ),
    pytest.mark.usefixtures("sound"),
]
AT = cast.IN_PRELIMINARY


def test_R1_a_sheet_that_is_submitted_while_the_body_lifts_it_stays(in_review):
    first, second = (cast.expert(key) for key in cast.EXPERTS)
    sheet = Assignment.objects.get(expert=first)
    by, track = cast.acting(first.user, Role.EXPERT), cast.track()
    scores.save_scores(sheet, {c["key"]: "90" for c in cast.CRITERIA}, "路线清晰。", by, AT)
    locked, body = Event(), cast.body_actor()

    def submit():
        with transaction.atomic():
            count = scores.submit_scores(first, track, by, AT)
            locked.set()
            Event().wait(0.7)  # The body asks meanwhile.
        return count

    def lift():
        locked.wait(10)
        return experts.assign(cast.track(), [(second.pk, in_review.pk)], body, AT)

    count, verdict = crowd.together([submit, lift])
    sheet.refresh_from_db()
    assert (count, verdict.code) == (1, "already_scored")
    assert sheet.submitted_at == AT and sheet.ended_at is None
