"""Addresses for other programs; all answer JSON (docs/api.md)."""

from django.urls import path

from nominations import api

urlpatterns = [
    path("api/nominations/", api.nominations, name="api_nominations"),
    path("api/nominations/<slug:number>/", api.nomination, name="api_nomination"),
    path("api/nominations/<slug:number>/submit/", api.submit, name="api_submit"),
]
