"""Database, cache, broker and file store as Django and Celery want them described; settings.py picks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kczg.environment import ENV, checked_url, read, text

Settings = dict[str, Any]


def postgresql(url: str) -> Settings:
    """PostgreSQL with a limit on every wait, so that nothing holds a lock for ever (R4)."""
    checked_url("DATABASE_URL", url, {"postgres", "postgresql"})
    waits = {
        "statement_timeout": read("int", "KCZG_STATEMENT_SECONDS", 30) * 1000,
        "lock_timeout": 10_000,
        "idle_in_transaction_session_timeout": 60_000,
    }
    return {
        **ENV.db_url_config(url),
        "CONN_MAX_AGE": read("int", "KCZG_CONN_MAX_AGE", 60),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 5,
            "application_name": "kczg",
            "options": " ".join(f"-c {name}={value}" for name, value in waits.items()),
        },
        "TEST": {"NAME": text("KCZG_TEST_DB") or None},
    }


def sqlite(run_dir: Path) -> Settings:
    """SQLite for the embedded run. IMMEDIATE: a reader that turns writer would fail instead of wait."""
    run_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": run_dir / "kczg.sqlite3",
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }


def redis_cache(url: str, prefix: str) -> Settings:
    """The cache that all web processes share; rate limits count in it."""
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": url,
        "KEY_PREFIX": prefix,
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2, "health_check_interval": 30},
    }


def database_cache() -> Settings:
    """The embedded run's cache, a table; ``manage.py prepare`` makes it."""
    return {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "kczg_cache"}


def redis_broker(prefix: str) -> Settings:
    """Redis as the queue. A task that still runs is not given to a second worker: an hour is beyond any."""
    return {
        "global_keyprefix": f"{prefix}:",
        "visibility_timeout": 3600,
        "socket_connect_timeout": 2,
        "socket_timeout": 5,
    }


def folder_broker(home: Path) -> Settings:
    """Files as the queue, for the embedded run; kept until ``manage.py prepare`` sweeps what was done."""
    for name in ("queue", "done", "control"):
        (home / name).mkdir(parents=True, exist_ok=True)
    return {
        "data_folder_in": str(home / "queue"),
        "data_folder_out": str(home / "queue"),
        "processed_folder": str(home / "done"),
        "control_folder": str(home / "control"),
        # Not stored, a message would pass through /tmp, where a move is a copy and may be read half.
        "store_processed": True,
        "polling_interval": 0.1,
    }


def folder(path: str) -> Settings:
    """Private files on this machine's disk; no address leads to them."""
    return {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": path,
            "base_url": None,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    }


def s3(bucket: str) -> Settings:
    """The private bucket of an S3-compatible store; its addresses are signed and live 300 s (S6)."""
    from botocore.config import Config

    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": text("S3_ENDPOINT_URL") or None,
            "region_name": text("S3_REGION", "us-east-1"),
            "access_key": text("S3_ACCESS_KEY"),
            "secret_key": text("S3_SECRET_KEY"),
            "default_acl": None,
            "file_overwrite": False,
            "querystring_expire": 300,
            "client_config": Config(
                signature_version="s3v4",
                s3={"addressing_style": "path"},
                connect_timeout=3,
                read_timeout=20,
                retries={"max_attempts": 2},
            ),
        },
    }
