"""What ships for a server: the compose file, the image, the proxy, the database roles."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
import yaml

from tests import servers
from tests.house.test_settings import BARE, PRODUCTION, ROOT

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
PRODUCT = ("web", "worker", "beat", "prepare")
PROXY = (ROOT / "script/deploy/nginx.conf.template").read_text(encoding="utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_the_compose_file_follows_the_specification() -> None:
    program = Path(sys.executable).with_name("check-jsonschema")
    done = subprocess.run(
        [program, "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout


def test_c3_only_the_proxy_is_reachable() -> None:
    assert set(SERVICES) == {"proxy", *PRODUCT, "database", "redis", "files"}
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    for name in ("database", "redis", "files", "beat", "prepare"):
        assert SERVICES[name]["networks"] == ["inside"]
    assert SERVICES["proxy"]["networks"] == ["edge"]


def test_c3_every_secret_has_to_be_given() -> None:
    needed = set(re.findall(r"\$\{(\w+):\?\}", (ROOT / "docker-compose.yml").read_text()))
    offered = set(re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert needed == offered
    assert {"SECRET_KEY", "REDIS_PASSWORD", "DATABASE_APP_PASSWORD", "DATABASE_OWNER_PASSWORD"} <= needed


def test_c3_redis_asks_for_a_password() -> None:
    assert '--requirepass "$$REDIS_PASSWORD"' in SERVICES["redis"]["command"][2]


def test_c3_the_processes_use_another_role_than_the_one_that_migrates() -> None:
    for name in ("web", "worker", "beat"):
        assert SERVICES[name]["environment"]["DATABASE_URL"].startswith("postgresql://kczg_app:")
    assert SERVICES["prepare"]["environment"]["DATABASE_URL"].startswith("postgresql://kczg_owner:")


@pytest.mark.parametrize("name", PRODUCT)
def test_a_process_of_the_product_has_no_needless_rights(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", ["proxy", "web", "worker", "beat", "database", "redis"])
def test_a_long_running_service_tells_its_health(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_the_image_runs_without_root_and_downloads_nothing_later() -> None:
    last_stage = DOCKERFILE.rsplit("FROM ", 1)[1]
    assert "USER 10001:10001" in last_stage
    assert "--require-hashes" in DOCKERFILE
    assert "pip" not in last_stage
    assert "libharfbuzz-subset0" in last_stage


def test_the_image_holds_every_room() -> None:
    copied = set(re.findall(r"^COPY (\w+) \1$", DOCKERFILE, re.MULTILINE))
    allowed = set(re.findall(r"^!(\w+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    assert copied == allowed == {"kczg", "accounts", "nominations", "reviews", "templates", "static"}


def test_i7_the_proxy_throws_away_what_the_other_side_wrote() -> None:
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in PROXY
    assert "proxy_set_header X-Forwarded-Proto https;" in PROXY
    assert "proxy_request_buffering on;" in PROXY
    assert "proxy_next_upstream off;" in PROXY
    assert PRODUCTION["KCZG_TRUSTED_PROXIES"] == "1"


# --- The roles, on a PostgreSQL of our own: roles belong to a whole server, and others use the local one ---


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The addresses of a database that roles.sql and ``prepare`` have set up, by role."""
    superuser = servers.private_postgresql()
    place = superuser.split("@", 1)[1].split("/", 1)[0]
    passwords = {"owner": "Own3r-9xQv2Lt", "app": "App-7zLmN2kWq"}
    variables = [f"--set={role}_password={word}" for role, word in passwords.items()]
    subprocess.run(
        [servers.program("psql"), superuser, "-q", *variables, "-f", ROOT / "script/deploy/roles.sql"],
        check=True,
        timeout=60,
    )
    addresses = {role: f"postgresql://kczg_{role}:{word}@{place}/kczg" for role, word in passwords.items()}
    environment = BARE | PRODUCTION
    environment |= {"DATABASE_URL": addresses["owner"], "S3_BUCKET": ""}
    environment |= {
        "KCZG_FILES_DIR": str(tmp_path_factory.mktemp("files")),
        "REDIS_URL": os.environ["REDIS_URL"],
    }
    for _ in range(2):
        subprocess.run(
            [sys.executable, "manage.py", "prepare"], env=environment, cwd=ROOT, check=True, timeout=120
        )
    yield addresses


def ask(address: str, statement: str) -> list[tuple]:
    """What one statement answers; always rolled back."""
    connection = psycopg2.connect(address)
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


@pytest.mark.private_path
@pytest.mark.database
def test_c3_the_app_role_is_neither_owner_nor_superuser(prepared: dict[str, str]) -> None:
    rights = (
        "SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname = current_user"
    )
    assert ask(prepared["app"], rights) == [(False, False, False, False)]
    assert ask(prepared["owner"], rights) == [(False, False, False, False)]
    owned = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = 'kczg_app'"
    assert ask(prepared["app"], owned) == [(0,)]
    assert ask(prepared["app"], "SELECT count(*) FROM nominations_season") == [(0,)]


@pytest.mark.private_path
@pytest.mark.database
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE kit_event SET reason = 'other'",
        "DELETE FROM kit_event",
        "TRUNCATE kit_event",
        "ALTER TABLE kit_event DISABLE TRIGGER ALL",
        "DROP TABLE kit_event",
        "CREATE TABLE mine (id int)",
        "DELETE FROM django_migrations",
    ],
)
def test_a2_the_app_role_cannot_change_the_record_or_a_table(
    prepared: dict[str, str], statement: str
) -> None:
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(prepared["app"], statement)
