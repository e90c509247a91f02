"""Every setting, read from the environment. A bad value stops the start with a message that names it.

Two ways to run. *Embedded*: nothing set; SQLite, a broker of files and private files under ``.run/``.
*Server*: DATABASE_URL set; PostgreSQL, Redis, S3 and SMTP, and a start only with safe values (C1).
``.env.example`` lists every variable.
"""

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from kczg import services
from kczg.environment import (
    DEFAULT_PASSWORDS,
    ENV,
    checked_url,
    embedded_secret,
    embedded_signing_key,
    read,
    server_secret,
    server_signing_key,
    stop,
    text,
)
from kczg.logs import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent

# --- How it runs -------------------------------------------------------------------------------------------

DATABASE_URL = text("DATABASE_URL")
MODE = text("KCZG_MODE", "server" if DATABASE_URL else "embedded")
if MODE not in ("embedded", "server"):
    raise stop("KCZG_MODE", "应为embedded或server", "must be embedded or server")
SERVER = MODE == "server"
if SERVER and not DATABASE_URL:
    raise stop("DATABASE_URL", "服务器方式应设PostgreSQL地址", "server mode needs the address of PostgreSQL")

RUN_DIR = Path(text("KCZG_RUN_DIR", str(BASE_DIR / ".run")))
"""Where the embedded run keeps everything: database, broker, files, secret key."""

DEBUG = read("bool", "DEBUG", False)
if SERVER and DEBUG:
    raise stop("DEBUG", "服务器方式不能打开调试", "must be off in server mode")

HTTPS = read("bool", "KCZG_HTTPS", SERVER)
"""Off only for processes on loopback without a proxy; then cookies lose ``__Host-`` and Secure."""

TRUSTED_PROXIES = read("int", "KCZG_TRUSTED_PROXIES", 0)
"""How many proxies of ours stand in front; their forwarding headers are believed, no others."""

SECRET_KEY = server_secret() if SERVER else text("SECRET_KEY") or embedded_secret(RUN_DIR)
SIGNING_KEY = server_signing_key() if SERVER else text("KCZG_SIGNING_KEY") or embedded_signing_key(RUN_DIR)
"""Signs receipts and the closing list (kczg/kit/signing.py); its public half is shown at /verify/receipt/."""
SECRET_KEY_FALLBACKS = read("list", "SECRET_KEY_FALLBACKS", [])

ALLOWED_HOSTS = read("list", "ALLOWED_HOSTS", [] if SERVER else ["127.0.0.1", "localhost", "[::1]"])
if SERVER and (not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS):
    raise stop("ALLOWED_HOSTS", "应列出本站域名，不能为*", "name the hosts of this site; * is refused")
CSRF_TRUSTED_ORIGINS = read("list", "CSRF_TRUSTED_ORIGINS", [])
SITE_URL = text(
    "SITE_URL", f"{'https' if HTTPS else 'http'}://{ALLOWED_HOSTS[0]}" + ("" if SERVER else ":8000")
)
"""The address that stands in mails and in the QR code on papers."""

# --- Rooms -------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "kczg.kit",
    "accounts",
    "nominations",
    "reviews",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "django_htmx",
    "django_filters",
    "rules",
    "simple_history",
    "django_structlog",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "kczg.health.HealthMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # The moment comes before everything that may wait: session, user, body (D1).
    "kczg.kit.middleware.MomentMiddleware",
    "kczg.middleware.ClientAddressMiddleware",
    "kczg.middleware.SessionKeyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kczg.middleware.PrivateMiddleware",
    "kczg.middleware.LanguageMiddleware",
    "kczg.middleware.BodySizeMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kczg.middleware.IdleMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "kczg.kit.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "kczg.urls"
WSGI_APPLICATION = "kczg.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kczg.kit.context.page",
            ]
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "kczg"
CRISPY_TEMPLATE_PACK = "kczg"
CRISPY_FAIL_SILENTLY = False

# --- The truth: one database -------------------------------------------------------------------------------

DATABASES = {"default": services.postgresql(DATABASE_URL) if SERVER else services.sqlite(RUN_DIR)}

KCZG_CLOCK = text("KCZG_CLOCK", "database" if SERVER else "process")
"""Whose clock judges a gate: the database's, one for all machines, or this process's (D1)."""
if KCZG_CLOCK not in ("database", "process"):
    raise stop("KCZG_CLOCK", "应为database或process", "must be database or process")

# --- Cache and queue: may vanish at any time without loss (R2) ---------------------------------------------

REDIS_URL = text("REDIS_URL")
if SERVER:
    if not REDIS_URL:
        raise stop("REDIS_URL", "服务器方式应设Redis地址", "server mode needs the address of Redis")
    checked_url("REDIS_URL", REDIS_URL, {"redis", "rediss", "unix"})
REDIS_PREFIX = text("KCZG_REDIS_PREFIX", "kczg")

CACHES = {"default": services.redis_cache(REDIS_URL, REDIS_PREFIX) if SERVER else services.database_cache()}
CELERY_BROKER_URL = text("CELERY_BROKER_URL", REDIS_URL if SERVER else "filesystem://localhost")
CELERY_BROKER_TRANSPORT_OPTIONS = (
    services.redis_broker(REDIS_PREFIX) if SERVER else services.folder_broker(RUN_DIR / "broker")
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 570
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 600_000  # kB; a renderer that grew is replaced after its task (R5).
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = SERVER
CELERY_TIMEZONE = "Asia/Shanghai"

# --- Files -------------------------------------------------------------------------------------------------

S3_BUCKET = text("S3_BUCKET")
FILES_DIR = text("KCZG_FILES_DIR", "" if SERVER else str(RUN_DIR / "files"))
if SERVER and not (S3_BUCKET or FILES_DIR):
    raise stop(
        "S3_BUCKET",
        "应设对象存储桶，或用KCZG_FILES_DIR指定目录",
        "set a bucket, or KCZG_FILES_DIR for a folder",
    )
if S3_BUCKET and text("S3_SECRET_KEY").lower() in DEFAULT_PASSWORDS | {""}:
    raise stop("S3_SECRET_KEY", "缺少或仍是默认密码", "missing or still a default password")
STATIC_URL = "static/"
STATIC_ROOT = Path(text("STATIC_ROOT", str(RUN_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_COLLECTED = read("bool", "KCZG_STATIC_COLLECTED", SERVER)
"""Whether collectstatic ran: files with their hash in the name. Else they are served from where they stand."""
if not STATIC_COLLECTED:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
WHITENOISE_USE_FINDERS = not STATIC_COLLECTED
WHITENOISE_AUTOREFRESH = DEBUG

STORAGES = {
    "private": services.s3(S3_BUCKET) if S3_BUCKET else services.folder(FILES_DIR),
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
STORAGES["default"] = STORAGES["private"]

# What a file that people send may be at most, before and after it is unpacked (F1).
UPLOAD_MAX_BYTES = read("int", "KCZG_UPLOAD_MB", 20) * 1024 * 1024
FORM_FILES_MAX_BYTES = read("int", "KCZG_FORM_FILES_MB", 200) * 1024 * 1024
"""What one nomination's files may be together."""
UNIT_FILES_MAX_BYTES = read("int", "KCZG_UNIT_FILES_MB", 2000) * 1024 * 1024
"""What the files of all nominations of one organisation may be together."""
UPLOAD_MAX_PAGES = read("int", "KCZG_UPLOAD_PAGES", 300)
UPLOAD_MAX_PIXELS = read("int", "KCZG_UPLOAD_MEGAPIXELS", 100) * 1_000_000
UPLOAD_MAX_UNPACKED_BYTES = read("int", "KCZG_UPLOAD_UNPACKED_MB", 500) * 1024 * 1024

BODY_MAX_BYTES = UPLOAD_MAX_BYTES + 4 * 1024 * 1024
"""A whole request: one file and the form around it; the proxy has the same limit."""

# A form section is at most some hundred fields of text (I6); files have limits of their own.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 60  # Fifty rows with a file input each, most of them empty.

# --- Mail --------------------------------------------------------------------------------------------------

EMAIL_URL = text("EMAIL_URL", "" if SERVER else "consolemail://")
if not EMAIL_URL:
    raise stop(
        "EMAIL_URL",
        "服务器方式应设SMTP地址，如smtp+tls://用户:密码@主机:587",
        "server mode needs an SMTP address",
    )
try:
    MAIL = ENV.email_url_config(EMAIL_URL)
except (ImproperlyConfigured, KeyError, ValueError) as fault:
    raise stop("EMAIL_URL", "不是有效的SMTP地址", "not a valid SMTP address") from fault
EMAIL_BACKEND = MAIL["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = MAIL.get("EMAIL_HOST"), MAIL.get("EMAIL_PORT") or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = (
    MAIL.get("EMAIL_HOST_USER") or "",
    MAIL.get("EMAIL_HOST_PASSWORD") or "",
)
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL.get("EMAIL_USE_TLS", False), MAIL.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = text("DEFAULT_FROM_EMAIL", "科创中国榜单 <noreply@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

SMS_BACKEND = text("KCZG_SMS_BACKEND", "" if SERVER else "console")
"""What sends text messages (kczg/kit/sms.py): console, or a class by its path; nothing: none are offered."""

# --- People ------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "accounts.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "accounts.passwords.NotTheAccount"},
    {"NAME": "accounts.passwords.NotCommon"},
]
PASSWORD_RESET_TIMEOUT = 3600
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "signup": "accounts.forms.SignupForm",
    "confirm_email_verification_code": "accounts.forms.EmailCodeForm",
    "change_email": "accounts.forms.ChangeEmailForm",
    "add_email": "accounts.forms.AddEmailForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.NewPasswordForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
}
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.SecondFactorForm",
    "reauthenticate": "accounts.forms.SecondFactorAgainForm",
    "activate_totp": "accounts.forms.ActivateTOTPForm",
    "deactivate_totp": "accounts.forms.DeactivateTOTPForm",
    "generate_recovery_codes": "accounts.forms.RecoveryCodesForm",
}
SECOND_FACTOR = read("bool", "KCZG_SECOND_FACTOR", SERVER)
"""Whether the roles of accounts.roles.TWO_STEPS must set up a second factor (U2); off in the embedded run, whose people are made up."""
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "科创中国榜单"

# --- Headers, cookies, sessions (C2, U4) -------------------------------------------------------------------

COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}session"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrf"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = False
SESSION_IDLE_SECONDS = 60 * read("int", "KCZG_IDLE_MINUTES", 30)
"""A session that nobody used for so long ends (U4); 0: never."""
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "kczg.health.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SILENCED_SYSTEM_CHECKS: list[str] = []

# --- Language and time -------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "kczg" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- Logs: one line for each event, no personal data (A5) --------------------------------------------------

LOG_LEVEL = text("KCZG_LOG_LEVEL", "INFO" if SERVER else "WARNING")
LOGGING = logging_config(LOG_LEVEL, as_json=SERVER)
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = bool(TRUSTED_PROXIES)
