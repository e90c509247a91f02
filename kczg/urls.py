"""The doors of all rooms, wired together. /healthz and /readyz are answered before (kczg/health.py)."""

from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

urlpatterns = [
    path("language/", set_language, name="set_language"),
    path("account/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]

handler500 = "kczg.health.server_error"
