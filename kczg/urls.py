"""The doors of all rooms, wired together. /healthz and /readyz are answered before (kczg/health.py)."""

from django.contrib import admin
from django.urls import include, path

from kczg.kit import views as kit

urlpatterns = [
    path("language/", kit.language, name="set_language"),
    path("large-type/", kit.large_type, name="large_type"),
    path("jobs/<int:job_id>/", kit.job, name="job"),
    path("jobs/<int:job_id>/file/", kit.job_file, name="job_file"),
    path("", include("accounts.urls")),
    path("", include("nominations.urls")),
    path("", include("reviews.urls")),
    path("admin/", admin.site.urls),
]

handler500 = "kczg.health.server_error"
