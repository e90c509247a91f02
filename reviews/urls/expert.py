"""Addresses of the expert (评审专家)."""

from django.urls import path

from reviews.views import (
    expert,
    expert_abstain,
    expert_conflicts,
    expert_invitations,
    expert_meeting,
    expert_offline,
    expert_score,
    expert_summary,
)

urlpatterns = [
    path("expert/", expert.home, name="expert_home"),
    path("expert/invitations/", expert_invitations.invitations, name="expert_invitations"),
    path("expert/invitations/<int:pk>/", expert_invitations.answer, name="expert_invitation"),
    path("expert/invitations/<int:pk>/leave/", expert_invitations.leave, name="expert_leave"),
    path("expert/profile/", expert_invitations.profile, name="expert_profile"),
    path("expert/conflicts/", expert_conflicts.conflicts, name="expert_conflicts"),
    path("expert/summary/", expert_summary.summary, name="expert_summary"),
    path("expert/summary/submit/", expert_summary.submit, name="expert_submit"),
    path("expert/meeting/<int:pk>/", expert_meeting.meeting, name="expert_meeting"),
    path("expert/offline/", expert_offline.offline, name="expert_offline"),
    path("expert/offline/<int:pk>/", expert_offline.upload, name="expert_upload"),
    path("expert/offline/<int:pk>/job/", expert_offline.upload_job, name="expert_upload_job"),
    path("expert/<int:pk>/", expert_score.score, name="expert_score"),
    path("expert/<int:pk>/abstain/", expert_abstain.abstain, name="expert_abstain"),
    path("expert/<int:pk>/recuse/", expert_conflicts.recuse, name="expert_recuse"),
    path("expert/<int:pk>/files/<slug:file_id>/", expert_score.file, name="expert_file"),
    path("expert/<int:pk>/save/", expert_score.autosave, name="expert_autosave"),
]
