"""Addresses of the recommending unit (推荐单位)."""

from django.urls import path

from nominations.views import (
    files,
    history,
    twins,
    unit,
    unit_decisions,
    unit_import,
    unit_people,
    unit_recommend,
    unit_seal,
)

urlpatterns = [
    path("unit/", unit.desk, name="unit_desk"),
    path("unit/nominations/", unit.listing, name="unit_list"),
    path("unit/recommend/", unit_recommend.bulk, name="unit_bulk"),
    path("unit/summary/", unit.summary, name="unit_summary"),
    path("unit/nominations/<slug:number>/", unit_recommend.review, name="unit_nomination"),
    path("unit/nominations/<slug:number>/files/<slug:file_id>/", files.unit_file, name="unit_file"),
    path("unit/nominations/<slug:number>/recommend/", unit_recommend.recommend, name="unit_recommend"),
    path("unit/nominations/<slug:number>/prepare/", unit_recommend.prepare, name="unit_prepare"),
    path("unit/nominations/<slug:number>/paper.pdf", unit_seal.paper, name="unit_paper"),
    path("unit/nominations/<slug:number>/seal/", unit_seal.unit_seal, name="unit_seal"),
    path("unit/nominations/<slug:number>/seal/reading/", unit_seal.reading, name="unit_seal_reading"),
    path(
        "unit/nominations/<slug:number>/seal/<slug:public_id>/<int:page>/",
        unit_seal.confirm,
        name="unit_seal_confirm",
    ),
    path("unit/nominations/<slug:number>/history/", history.unit_history, name="unit_history"),
    path("unit/nominations/<slug:number>/return/", unit_decisions.return_, name="unit_return"),
    path("unit/nominations/<slug:number>/decline/", unit_decisions.decline, name="unit_decline"),
    path("unit/nominations/<slug:number>/take-back/", unit_decisions.take_back, name="unit_take_back"),
    path("unit/nominations/<slug:number>/twins/<int:pk>/", twins.unit_twin, name="unit_twin"),
    path("unit/people/", unit_people.people, name="unit_people"),
    path("unit/people/<int:pk>/", unit_people.person, name="unit_person"),
    path("unit/people/invitations/<int:pk>/", unit_people.invitation, name="unit_invitation"),
    path("unit/import/", unit_import.imports, name="unit_imports"),
    path("unit/import/<slug:key>.xlsx", unit_import.template, name="unit_import_template"),
    path("unit/import/<int:pk>/", unit_import.import_, name="unit_import"),
    path("unit/import/<int:pk>/job/", unit_import.import_job, name="unit_import_job"),
]
