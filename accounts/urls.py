"""Addresses: login, registration and password. Names are allauth's, which looks them up by name."""

from django.urls import path, re_path

from accounts import views

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("register/", views.register, name="account_signup"),
    path("register/code/", views.confirm_email, name="account_email_verification_sent"),
    path("account/", views.account, name="account_email"),
    path("account/inactive/", views.inactive, name="account_inactive"),
    path("account/notices/", views.notices, name="notice_choices"),
    path("account/notices/stop/", views.stop_mail, name="stop_mail"),
    path("account/again/", views.again, name="account_reauthenticate"),
    path("account/second-step/", views.second_step, name="mfa_index"),
    path("account/second-step/code/", views.second_step_code, name="mfa_authenticate"),
    path("account/second-step/again/", views.second_step_again, name="mfa_reauthenticate"),
    path("account/second-step/on/", views.second_step_on, name="mfa_activate_totp"),
    path("account/second-step/off/", views.second_step_off, name="mfa_deactivate_totp"),
    path("account/second-step/recovery/", views.recovery_codes, name="mfa_view_recovery_codes"),
    path("account/second-step/recovery/new/", views.new_recovery_codes, name="mfa_generate_recovery_codes"),
    path("account/second-step/recovery/file/", views.recovery_file, name="mfa_download_recovery_codes"),
    path("messages/", views.messages, name="messages"),
    path("messages/read/", views.messages_read, name="messages_read"),
    path("messages/<int:pk>/", views.message, name="message"),
    path("password/", views.reset_password, name="account_reset_password"),
    path("password/sent/", views.reset_password_sent, name="account_reset_password_done"),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.set_new_password,
        name="account_reset_password_from_key",
    ),
    path("invitation/<slug:key>/", views.invitation, name="invitation"),
    path("password/set/", views.new_password_set, name="account_reset_password_from_key_done"),
]
