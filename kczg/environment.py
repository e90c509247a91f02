"""Tools that read the environment for settings.py; a bad value stops the start with a message that names it."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import environ
from django.core.exceptions import ImproperlyConfigured

ENV = environ.Env()
WEAK_WORDS = ("changeme", "change-me", "insecure", "secret_key", "django-insecure", "example")
DEFAULT_PASSWORDS = {
    "postgres",
    "password",
    "admin",
    "root",
    "kczg",
    "redis",
    "minioadmin",
    "changeme",
    "123456",
}
YES, NO = {"true", "on", "yes", "1"}, {"false", "off", "no", "0"}
LOOPBACK = {"", "localhost", "127.0.0.1", "::1"}


def stop(name: str, chinese: str, english: str) -> ImproperlyConfigured:
    """The one way in which this file refuses to start: the variable's name and what is wrong with it."""
    return ImproperlyConfigured(f"{name}：{chinese} / {english}")


def read(kind: str, name: str, default: Any) -> Any:
    """A variable as ``kind`` (bool, int, float, list); an empty one counts as not set."""
    if ENV.str(name, default="") == "":
        return default
    try:
        if kind == "bool" and ENV.str(name).strip().lower() not in YES | NO:
            # django-environ takes whatever it does not know for False: a slip of the pen would switch HTTPS off.
            raise ValueError(name)
        return getattr(ENV, kind)(name)
    except (ValueError, ImproperlyConfigured) as fault:
        raise stop(name, f"值不是有效的{kind}", f"not a valid {kind}") from fault


def text(name: str, default: str = "") -> str:
    """A variable as text; an empty one counts as not set."""
    return ENV.str(name, default="") or default


def checked_url(name: str, url: str, schemes: set[str]) -> str:
    """A service's address; refuses other schemes, default passwords, and none beyond this machine."""
    parts = urlparse(url)
    try:
        port_is_number = parts.port is None or parts.port > 0
    except ValueError:
        port_is_number = False
    if parts.scheme not in schemes or not port_is_number:
        wanted = "、".join(sorted(schemes))
        raise stop(
            name, f"不是有效的地址，应以{wanted}://开头", f"not a valid address; schemes: {sorted(schemes)}"
        )
    password = parts.password or ""
    if password.lower() in DEFAULT_PASSWORDS or (password and password == parts.username):
        raise stop(name, "仍是默认密码，换成随机密码", "still has a default password")
    if not password and (parts.hostname or "") not in LOOPBACK:
        raise stop(name, "连接其他主机时应设密码", "a password is needed for another host")
    return url


def embedded_secret(folder: Path) -> str:
    """The embedded run's own key, made once in ``folder`` and readable only by its owner."""
    return _kept(folder / "secret_key", lambda: secrets.token_urlsafe(64))


def _kept(file: Path, make: Callable[[], str]) -> str:
    """What stands in a file that only its owner reads; made the first time."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(make())
        fresh.rename(file)
    return file.read_text().strip()


def embedded_signing_key(folder: Path) -> str:
    """The embedded run's own key for signatures, made once in ``folder``: 32 random bytes in base64."""
    return _kept(folder / "signing_key", lambda: base64.b64encode(secrets.token_bytes(32)).decode())


def server_signing_key() -> str:
    """KCZG_SIGNING_KEY as given, if it is 32 bytes in base64."""
    key = text("KCZG_SIGNING_KEY")
    try:
        sound = len(base64.b64decode(key, validate=True)) == 32 and len(set(key)) > 12
    except ValueError:
        sound = False
    if not sound:
        raise stop(
            "KCZG_SIGNING_KEY",
            "缺少或不是32个随机字节的base64，可用 openssl rand -base64 32 生成",
            "missing, or not 32 random bytes in base64",
        )
    return key


def server_secret() -> str:
    """SECRET_KEY as given, if it is long and varied enough to be random."""
    key = text("SECRET_KEY")
    if len(key) < 50 or len(set(key)) < 12 or any(word in key.lower() for word in WEAK_WORDS):
        raise stop(
            "SECRET_KEY",
            "缺少或过弱，应为50个以上的随机字符，可用 python3 -c 'import secrets; print(secrets.token_urlsafe(64))' 生成",
            "missing or weak; give 50 or more random characters",
        )
    return key
