"""Addresses of the secretariat (秘书处): dashboard, plans, final review, notices, lists, record."""

from django.urls import path

from reviews.views import (
    office,
    office_conflicts,
    office_final,
    office_publication,
    office_results,
    result_export,
)

urlpatterns = [
    path("office/", office.home, name="office_home"),
    path("office/plans/<int:pk>/", office.plan, name="office_plan"),
    path("office/results/<int:pk>/", office_results.result, name="office_result"),
    path(
        "office/results/<int:pk>/scan/<slug:public_id>/",
        office_results.scan_file,
        name="office_result_scan",
    ),
    path("office/results/<int:pk>/export/", result_export.of_office, name="office_result_export"),
    path("office/conflicts/", office_conflicts.conflicts, name="office_conflicts"),
    path("office/final/", office_final.overview, name="office_final"),
    path("office/final/<int:year>/<slug:key>/", office_final.ranking, name="office_final_ranking"),
    path("office/notices/", office_publication.notices, name="office_notices"),
    path("office/notices/<int:year>/<slug:key>/", office_publication.notice, name="office_notice"),
    path("office/publish/", office_publication.lists, name="office_lists"),
    path("office/publish/<int:year>/<slug:key>/", office_publication.publish, name="office_list"),
    path("office/audit/", office.audit, name="office_audit"),
]
