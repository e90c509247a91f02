"""The settings stop the start at an unsafe or bad value, and say which."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = dict(
    line.split("=", 1)
    for line in (ROOT / "tests/house/production.env").read_text().splitlines()
    if line and not line.startswith("#")
)
BARE = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}


def load(environment: dict[str, str], show: str = "'loaded'") -> subprocess.CompletedProcess[str]:
    """Reads the settings in a process of their own and prints one expression over them."""
    code = f"from kczg import settings; print({show})"
    return subprocess.run(
        [sys.executable, "-c", code],
        env=BARE | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_c1_production_values_load() -> None:
    shown = load(PRODUCTION, "(settings.SESSION_COOKIE_NAME, settings.KCZG_CLOCK, settings.DEBUG)")
    assert (shown.returncode, shown.stdout) == (0, "('__Host-session', 'database', False)\n")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY：缺少或过弱"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY：缺少或过弱"),
        ({"SECRET_KEY": "a" * 80}, "SECRET_KEY：缺少或过弱"),
        (
            {"SECRET_KEY": "django-insecure-fQ7ZpR3vLk9xWmT2sYbN8hJc5dGuE4aKoVi6rPzXy1Mw"},
            "SECRET_KEY：缺少或过弱",
        ),
        ({"DEBUG": "true"}, "DEBUG：服务器方式不能打开调试"),
        ({"DEBUG": "perhaps"}, "DEBUG：值不是有效的bool"),
        ({"KCZG_CONN_MAX_AGE": "soon"}, "KCZG_CONN_MAX_AGE：值不是有效的int"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS：应列出本站域名"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS：应列出本站域名"),
        ({"DATABASE_URL": ""}, "DATABASE_URL：服务器方式应设PostgreSQL地址"),
        ({"DATABASE_URL": "mysql://a:b3d@database/kczg"}, "DATABASE_URL：不是有效的地址"),
        ({"DATABASE_URL": "sqlite:///kczg.sqlite3"}, "DATABASE_URL：不是有效的地址"),
        ({"DATABASE_URL": "postgresql://a:b3d@database:port/kczg"}, "DATABASE_URL：不是有效的地址"),
        ({"DATABASE_URL": "postgresql://kczg_app:postgres@database/kczg"}, "DATABASE_URL：仍是默认密码"),
        ({"DATABASE_URL": "postgresql://kczg_app:kczg_app@database/kczg"}, "DATABASE_URL：仍是默认密码"),
        ({"DATABASE_URL": "postgresql://kczg_app@database/kczg"}, "DATABASE_URL：连接其他主机时应设密码"),
        ({"REDIS_URL": ""}, "REDIS_URL：服务器方式应设Redis地址"),
        ({"REDIS_URL": "redis://redis:6379/0"}, "REDIS_URL：连接其他主机时应设密码"),
        ({"REDIS_URL": "redis://:redis@redis:6379/0"}, "REDIS_URL：仍是默认密码"),
        ({"EMAIL_URL": ""}, "EMAIL_URL：服务器方式应设SMTP地址"),
        ({"EMAIL_URL": "pigeon://loft"}, "EMAIL_URL：不是有效的SMTP地址"),
        ({"S3_BUCKET": ""}, "S3_BUCKET：应设对象存储桶"),
        ({"S3_SECRET_KEY": "minioadmin"}, "S3_SECRET_KEY：缺少或仍是默认密码"),
        ({"KCZG_CLOCK": "sundial"}, "KCZG_CLOCK：应为database或process"),
        ({"KCZG_MODE": "cluster"}, "KCZG_MODE：应为embedded或server"),
    ],
)
def test_c1_an_unsafe_or_bad_value_stops_the_start(changed: dict[str, str], message: str) -> None:
    stopped = load(PRODUCTION | changed)
    assert stopped.returncode == 1
    assert f"ImproperlyConfigured: {message}" in stopped.stderr


def test_nothing_set_is_the_embedded_run(tmp_path: Path) -> None:
    show = "(settings.SERVER, settings.DATABASES['default']['ENGINE'], settings.SECRET_KEY)"
    here = {"KCZG_RUN_DIR": str(tmp_path / "run")}
    first = load(here, show)
    second = load(here, show)
    assert first.stdout.startswith("(False, 'django.db.backends.sqlite3', ")
    assert first.stdout == second.stdout
    key = tmp_path / "run" / "secret_key"
    assert len(key.read_text()) > 60
    assert key.stat().st_mode & 0o777 == 0o600


def test_c1_the_deployment_check_is_clean(tmp_path: Path) -> None:
    checked = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        env=BARE | PRODUCTION | {"KCZG_RUN_DIR": str(tmp_path)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (checked.returncode, checked.stdout.strip()) == (
        0,
        "System check identified no issues (0 silenced).",
    ), checked.stderr
