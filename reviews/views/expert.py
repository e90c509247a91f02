"""The expert's lists: tasks with the 评审承诺, 回避声明."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.roles import Role
from kczg.kit.doors import door
from nominations import queries as nomination_queries
from reviews import meetings, queries
from reviews.models import MeetingMember
from reviews.views.expert_invitations import waiting_for
from reviews.views.expert_tasks import own_tasks


def own_meetings(request: HttpRequest) -> list[MeetingMember]:
    """The meetings of this season that the person is called to."""
    season = nomination_queries.current_season()
    return meetings.called_to(request.user, season) if season is not None else []


@door(Role.EXPERT)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """评审任务: unfinished first; an invitation is answered before anything of its body is opened."""
    expert = queries.expert_of(request.user)
    if expert is None:
        return render(request, "reviews/expert/home.html", {"groups": []})
    groups = own_tasks(request)
    accepted = queries.accepted_tracks(expert)
    begun = [group for group in groups if group.track.pk in accepted]
    following = next((task for group in begun for task in group.unfinished), None)
    facts = {
        "groups": groups,
        "accepted": accepted,
        "waiting": waiting_for(request.user),
        "following": following,
        "meetings": own_meetings(request),
        "ready": any(group.open for group in begun) and following is None,
    }
    return render(request, "reviews/expert/home.html", facts)
