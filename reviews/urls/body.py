"""Addresses of the preliminary review body (初评机构)."""

from django.urls import path

from reviews.views import (
    body,
    body_assign,
    body_check,
    body_experts,
    body_plan,
    body_results,
    body_share,
    body_sign,
    result_export,
)

urlpatterns = [
    path("body/", body.home, name="body_home"),
    path("body/plan/", body_plan.plan, name="body_plan"),
    path("body/plan/file/", body_plan.file_plan, name="body_plan_file"),
    path("body/check/", body_check.queue, name="body_check_queue"),
    path("body/check/<slug:number>/", body_check.check, name="body_check"),
    path(
        "body/check/<slug:number>/scan/<slug:public_id>/<int:sheet>.jpg",
        body_check.scan_picture,
        name="body_scan",
    ),
    path("body/check/<slug:number>/files/<slug:file_id>/", body_check.file, name="body_file"),
    path("body/assign/", body_assign.assign, name="body_assign"),
    path("body/experts/", body_experts.experts, name="body_experts"),
    path("body/progress/", body_results.progress, name="body_progress"),
    path("body/remind/", body_results.remind, name="body_remind"),
    path("body/close/", body_results.close, name="body_close"),
    path("body/results/", body_results.results, name="body_results"),
    path("body/results/submit/", body_results.submit, name="body_results_submit"),
    path("body/results/analysis/", body_sign.analysis, name="body_analysis"),
    path("body/results/reasons/", body_sign.reasons, name="body_reasons"),
    path("body/results/withhold/", body_sign.withhold, name="body_withhold"),
    path("body/results/scan/", body_sign.take_scan, name="body_result_scan"),
    path("body/results/scan/<slug:public_id>/", body_sign.scan_file, name="body_result_scan_file"),
    path("body/share/", body_share.share, name="body_share"),
    path("body/share/answer/", body_share.answer, name="body_share_answer"),
    path("body/results/export/", result_export.of_body, name="body_result_export"),
    path("body/results/paper/", body_results.paper, name="body_results_paper"),
    path("body/results/job/", body_results.paper_job, name="body_results_job"),
]
