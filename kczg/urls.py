"""The doors of all rooms, wired together. /healthz and /readyz are answered before (kczg/health.py)."""

from allauth.account import views as account
from django.contrib import admin
from django.urls import include, path

from kczg.kit import views as kit

urlpatterns = [
    path("language/", kit.language, name="set_language"),
    path("large-type/", kit.large_type, name="large_type"),
    path("account/", include("allauth.urls")),
    # After the include, so that links lead to the short addresses.
    path("login/", account.login, name="account_login"),
    path("register/", account.signup, name="account_signup"),
    path("admin/", admin.site.urls),
]

handler500 = "kczg.health.server_error"
