"""The doors of all rooms, wired together. /healthz and /readyz are answered before (kczg/health.py)."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from accounts.roles import Role
from kczg.kit import views as kit

# One way in for everybody: the admin site's own login knows no limit of attempts (U3).
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
_permits = admin.site.has_permission
# Its pages have no door of ours, so the second factor is asked for here (U2).
admin.site.has_permission = lambda request: (  # type: ignore[method-assign]
    _permits(request) and not request.user.lacks_second_factor(Role.ADMIN)  # type: ignore[union-attr]
)

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
