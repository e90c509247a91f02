"""The doors of all rooms, wired together. /healthz and /readyz are answered before (kczg/health.py)."""

from django.contrib import admin
from django.urls import include, path

from kczg.kit import views as kit

urlpatterns = [
    path("language/", kit.language, name="set_language"),
    path("large-type/", kit.large_type, name="large_type"),
    path("account/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]

handler500 = "kczg.health.server_error"
