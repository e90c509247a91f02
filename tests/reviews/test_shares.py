"""分工 of a joint track: proposed by one body, agreed to by the other, then each deals with its own share."""

import pytest
import time_machine

from accounts.roles import Role
from kczg.kit.models import Job
from kczg.kit.verdicts import Refused
from nominations.models import ReviewBody
from reviews import notices, queries
from reviews.actions import preliminary, shares
from reviews.models import Share
from tests import cast
from tests.reviews.many import copies

pytestmark = pytest.mark.django_db
AT = cast.IN_PRELIMINARY


def refusal(call, *given, **named):
    with pytest.raises(Refused) as caught:
        call(*given, **named)
    return caught.value.verdict


@pytest.fixture
def joint(track, recommended):
    """The track with a second body, two nominations, and an actor of each body."""
    cast.recorded_plan()
    other = cast.acting(cast.cast("other_body_person"), Role.BODY)
    track.bodies.add(ReviewBody.objects.get(organisation=other.organisation))
    return [recommended, cast.recommended(title="第二项")], cast.body_actor(), other


def body_of(track, by):
    return track.bodies.get(organisation=by.organisation)


def test_a_split_holds_once_the_other_body_agrees(joint, track):
    (first, second), one, other = joint
    split = {first.pk: body_of(track, one).pk, second.pk: body_of(track, other).pk}
    proposal = shares.propose(track, split, one, AT)
    assert not Share.objects.exists()
    job = Job.objects.get(args__name="share_proposed")
    ids = {key: value for key, value in job.args.items() if key != "name"}
    assert [letter.to.username for letter in notices.share_proposed(**ids)] == ["liufang"]
    assert refusal(shares.answer, track, proposal.pk, True, "", one, AT).code == "own_proposal"
    for _twice in range(2):
        shares.answer(track, proposal.pk, True, "", other, AT)
    assert queries.shares_of(track) == split
    assert notices.share_proposed(**ids) == []
    verdict = refusal(preliminary.check_form, first, True, [], other, AT)
    assert (verdict.status, verdict.message) == (
        409,
        f"按分工，{first.number}由{body_of(track, one)}办理",
    )
    preliminary.check_form(first, True, [], one, AT)
    preliminary.check_form(second, True, [], other, AT)
    assert queries.others_share(other.user, track) == {first.pk}


def test_a_split_that_is_not_agreed_to_changes_nothing(joint, track):
    (first, second), one, other = joint
    proposal = shares.propose(track, {first.pk: body_of(track, one).pk}, one, AT)
    verdict = refusal(shares.propose, track, {second.pk: body_of(track, other).pk}, other, AT)
    assert verdict.message == f"{body_of(track, one)}提出的分工待答复，先答复再提出"
    assert refusal(shares.answer, track, proposal.pk, False, "", other, AT).code == "reason_missing"
    shares.answer(track, proposal.pk, False, "按领域分更合适", other, AT)
    assert not Share.objects.exists()
    assert refusal(shares.answer, track, proposal.pk, True, "", other, AT).code == "answered"
    preliminary.check_form(first, True, [], other, AT)


@pytest.mark.parametrize(("split", "code"), [({}, "nothing_split"), ({10**9: 1}, "unknown_share")])
def test_what_can_not_be_split_is_told(joint, track, split, code):
    assert refusal(shares.propose, track, split, joint[1], AT).code == code


def test_a_track_of_one_body_needs_no_split(track, recommended):
    verdict = refusal(shares.propose, track, {recommended.pk: 1}, cast.body_actor(), AT)
    assert verdict.code == "no_joint_track"


def test_the_page_proposes_turn_by_turn_and_the_other_answers(
    joint, track, client, django_assert_num_queries
):
    (first, second), one, other = joint
    page = f"/body/share/?track={track.pk}"
    with time_machine.travel(AT, tick=False):
        client.force_login(one.user)
        typed = {f"body-{first.pk}": body_of(track, one).pk, f"body-{second.pk}": body_of(track, other).pk}
        assert client.post(page, typed).status_code == 302
        client.force_login(other.user)
        shown = client.get(page).content.decode()
        assert "提出分工，待答复" in shown and "同意分工" in shown
        proposal = queries.open_proposal(track).pk
        answered = client.post(
            f"/body/share/answer/?track={track.pk}", {"proposal": proposal, "answer": "agree"}
        )
        assert answered.status_code == 302
    assert len(queries.shares_of(track)) == 2


def test_the_page_asks_a_fixed_number_of_queries(joint, track, client):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    (first, _second), one, _other = joint
    client.force_login(one.user)
    counts = []
    with time_machine.travel(AT, tick=False):
        client.get(f"/body/share/?track={track.pk}")
        for more in (0, 30):
            copies(first, more) if more else None
            with CaptureQueriesContext(
                connection,
            ) as asked:
                client.get(f"/body/share/?track={track.pk}")
            counts.append(len(asked))
    assert counts[0] == counts[1]
