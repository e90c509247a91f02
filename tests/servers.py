"""PostgreSQL and Redis for the tests: the ones named, else the local ones, else throw-away ones of our own.

``prepare()`` puts DATABASE_URL, REDIS_URL and the rest of a safe server configuration into the environment
before Django reads its settings. With KCZG_TEST_SERVERS=private the throw-away ones are always taken; with
none there is no server at all, for the tests that need no database.
"""

from __future__ import annotations

import atexit
import base64
import getpass
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from glob import glob
from pathlib import Path

import psycopg2
import redis

HOST = "127.0.0.1"
START_SECONDS = 30


def prepare() -> None:
    """Fills the environment once per run; the workers of pytest-xdist inherit it from the first process.

    Each of them has a queue and a store of its own: a story's worker process must not do another story's jobs.
    """
    if os.environ.get("KCZG_TEST_RUN"):
        own = f"_{os.environ.get('PYTEST_XDIST_WORKER', '')}"
        for name in ("KCZG_REDIS_PREFIX", "KCZG_FILES_DIR"):
            os.environ[name] = os.environ.get(name, "").removesuffix(own) + own
        return
    run = f"{os.getpid()}_{secrets.token_hex(2)}"
    wanted = os.environ.get("KCZG_TEST_SERVERS", "")
    private = wanted == "private"
    named_database = "" if private else os.environ.get("DATABASE_URL", "")
    named_redis = "" if private else os.environ.get("REDIS_URL", "")
    scratch = Path(tempfile.mkdtemp(prefix="kczg_test_"))
    atexit.register(shutil.rmtree, scratch, ignore_errors=True)
    os.environ.pop("CELERY_BROKER_URL", None)
    os.environ |= {
        "KCZG_TEST_RUN": run,
        "KCZG_RUN_DIR": str(scratch / "run"),
        "KCZG_FILES_DIR": str(scratch / "files"),
        "KCZG_HTTPS": "off",
        # Tests travel in time with one session, and log in as people without a telephone.
        "KCZG_IDLE_MINUTES": "0",
        "KCZG_SECOND_FACTOR": "off",
        "KCZG_STATIC_COLLECTED": "off",
        # A test freezes this process's clock; the database's can't be frozen.
        "KCZG_CLOCK": "process",
        "KCZG_LOG_LEVEL": os.environ.get("KCZG_LOG_LEVEL", "WARNING"),
        "ALLOWED_HOSTS": "127.0.0.1,localhost,testserver",
        "EMAIL_URL": os.environ.get("EMAIL_URL") or "memorymail://",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "KCZG_SIGNING_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "DEBUG": "",
    }
    if wanted == "none":
        os.environ |= {"DATABASE_URL": "", "REDIS_URL": "", "KCZG_MODE": "embedded"}
        return
    os.environ |= {
        "KCZG_TEST_DB": f"test_kczg_{run}",
        "KCZG_REDIS_PREFIX": f"test_kczg_{run}",
        "DATABASE_URL": named_database or (not private and local_postgresql()) or private_postgresql(),
        "REDIS_URL": named_redis or (not private and local_redis()) or private_redis(),
    }
    atexit.register(forget_keys, os.environ["REDIS_URL"], os.environ["KCZG_REDIS_PREFIX"])


# --- The local ones ----------------------------------------------------------------------------------------


def local_postgresql() -> str:
    """The address of a PostgreSQL on the standard port that lets us make databases, or nothing."""
    for user in dict.fromkeys([os.environ.get("PGUSER", getpass.getuser()), "postgres", "root"]):
        url = f"postgresql://{user}@{HOST}:5432/postgres"
        try:
            connection = psycopg2.connect(url, connect_timeout=2)
        except psycopg2.Error:
            continue
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user")
                row = cursor.fetchone()
            if row and row[0]:
                return url
        finally:
            connection.close()
    return ""


def local_redis() -> str:
    """The address of a Redis on the standard port that answers without a password, or nothing."""
    url = f"redis://{HOST}:6379/0"
    try:
        redis.Redis.from_url(url, socket_connect_timeout=2).ping()
    except redis.RedisError:
        return ""
    return url


def forget_keys(url: str, prefix: str) -> None:
    """Removes what this run left in Redis."""
    try:
        client = redis.Redis.from_url(url, socket_connect_timeout=2)
        keys = list(client.scan_iter(match=f"{prefix}*", count=1000))
        if keys:
            client.delete(*keys)
    except redis.RedisError:
        pass


# --- Throw-away ones ---------------------------------------------------------------------------------------


def free_port() -> int:
    """A port that was free a moment ago: bound, read and given back."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def program(name: str, *folders: str) -> str:
    """Where a program is, or a stop that says what to install."""
    found = shutil.which(name, path=os.pathsep.join([*folders, os.environ.get("PATH", "")]))
    if not found:
        raise SystemExit(f"缺少{name}，运行 script/test 安装 / {name} is missing; script/test installs it")
    return found


def private_postgresql() -> str:
    """Starts a PostgreSQL of our own on a free port, without fsync, gone at the end of the run."""
    folders = sorted(glob("/usr/lib/postgresql/*/bin"), reverse=True)
    home = Path(tempfile.mkdtemp(prefix="kczg_pg_"))
    # PostgreSQL refuses to run as root, so root lends the folder to an account without rights.
    account = unprivileged_account()
    as_account = ["runuser", "-u", account, "--"] if account else []
    if account:
        shutil.chown(home, account)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "cwd": "/"}
    data = home / "data"
    initdb = [program("initdb", *folders), "-D", data, "-U", "kczg_test", "--auth=trust", "-E", "UTF8", "-N"]
    subprocess.run([*as_account, *initdb, "--locale=C.UTF-8"], check=True, **quiet)

    def start(port: int) -> str:
        options = (
            f"-p {port} -k {home} -c listen_addresses={HOST} -c fsync=off -c full_page_writes=off "
            "-c max_connections=300"
        )
        pg_ctl = [*as_account, program("pg_ctl", *folders), "-D", data, "-l", home / "log"]
        subprocess.run([*pg_ctl, "-w", "-t", str(START_SECONDS), "-o", options, "start"], check=True, **quiet)

        def stop() -> None:
            subprocess.run([*pg_ctl, "-m", "immediate", "stop"], check=False, **quiet)
            shutil.rmtree(home, ignore_errors=True)

        atexit.register(stop)
        return f"postgresql://kczg_test@{HOST}:{port}/postgres"

    return on_a_free_port(start)


def unprivileged_account() -> str:
    """The account that runs PostgreSQL when we are root; nothing when we are not."""
    if os.geteuid() != 0:
        return ""
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def private_redis() -> str:
    """Starts a Redis of our own on a free port with a password; it keeps nothing on disk."""
    password = secrets.token_urlsafe(24)
    home = tempfile.mkdtemp(prefix="kczg_redis_")

    def start(port: int) -> str:
        server = subprocess.Popen(
            [program("redis-server"), "--bind", HOST, "--port", str(port), "--save", "", "--appendonly", "no"]
            + ["--requirepass", password, "--dir", home],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        url = f"redis://:{password}@{HOST}:{port}/0"
        until = time.monotonic() + START_SECONDS
        while server.poll() is None and time.monotonic() < until:
            try:
                redis.Redis.from_url(url).ping()
            except redis.RedisError:
                time.sleep(0.05)
                continue
            atexit.register(shutil.rmtree, home, ignore_errors=True)
            atexit.register(server.terminate)
            return url
        server.kill()
        raise OSError(f"redis-server did not start on port {port}")

    return on_a_free_port(start)


def on_a_free_port(start: Callable[[int], str]) -> str:
    """Starts a server on a free port; somebody may take the port in between, so it tries three times."""
    for attempt in range(3):
        try:
            return start(free_port())
        except (OSError, subprocess.CalledProcessError):
            if attempt == 2:
                raise
    raise AssertionError("unreachable")
