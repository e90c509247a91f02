"""Addresses of the applicant: rankings, own nominations, one nomination's pages."""

from django.urls import path

from nominations.views import applicant, data, eligibility, history, rankings, receipts, seal, writing

urlpatterns = [
    path("rankings/", rankings.catalogue, name="rankings"),
    path("rankings/<slug:key>/", rankings.ranking, name="ranking"),
    path("rankings/<slug:key>/blank.pdf", rankings.ranking_blank, name="ranking_blank"),
    path("rankings/<slug:key>/start/", rankings.start, name="start"),
    path("catalogues/<slug:key>/", rankings.catalogue_search, name="catalogue_search"),
    path("my/", applicant.my, name="my"),
    path("nominations/<slug:number>/", applicant.tasks, name="tasks"),
    path("nominations/<slug:number>/conditions/", eligibility.conditions, name="conditions"),
    path("nominations/<slug:number>/category/", eligibility.category, name="category"),
    path("nominations/<slug:number>/unit/", applicant.unit, name="unit"),
    path("nominations/<slug:number>/preview/", applicant.preview, name="preview"),
    path("nominations/<slug:number>/preview.pdf", applicant.preview_pdf, name="preview_pdf"),
    path("nominations/<slug:number>/paper/", applicant.paper, name="paper"),
    path("nominations/<slug:number>/seal/", seal.seal, name="seal"),
    path("nominations/<slug:number>/seal/reading/", seal.reading, name="seal_reading"),
    path("nominations/<slug:number>/seal/<slug:public_id>/<int:page>/", seal.confirm, name="seal_confirm"),
    path("nominations/<slug:number>/restore/<int:version>/", seal.restore, name="restore"),
    path("scans/<slug:public_id>/<int:page>.jpg", seal.picture, name="scan_picture"),
    path("nominations/<slug:number>/check/", applicant.check, name="check"),
    path("nominations/<slug:number>/submitted/", applicant.submitted, name="submitted"),
    path("nominations/<slug:number>/receipt/", receipts.receipt, name="receipt"),
    path("nominations/<slug:number>/receipt.json", receipts.receipt_json, name="receipt_json"),
    path("nominations/<slug:number>/progress/", applicant.progress, name="progress"),
    path("nominations/<slug:number>/history/", history.applicant_history, name="history"),
    path("nominations/<slug:number>/withdraw/", applicant.withdraw, name="withdraw"),
    path("nominations/<slug:number>/data/", data.data, name="data"),
    path("nominations/<slug:number>/data.json", data.data_json, name="data_json"),
    path("nominations/<slug:number>/data.xlsx", data.data_xlsx, name="data_xlsx"),
    path("nominations/<slug:number>/data/job/", data.data_job, name="data_job"),
    path("nominations/<slug:number>/data/import/", data.import_, name="data_import"),
    path("nominations/<slug:number>/<slug:section>/", writing.section, name="section"),
    path("nominations/<slug:number>/<slug:section>/present/", writing.present, name="present"),
    path("nominations/<slug:number>/<slug:section>/autosave/", writing.autosave, name="autosave"),
]
