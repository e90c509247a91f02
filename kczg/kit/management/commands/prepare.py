"""manage.py prepare: everything between an unpacked product and a start. Safe at any time, fast when done."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.files.storage import storages
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor


class Command(BaseCommand):
    help = "Migrates the database; in the embedded run also loads the demo. Does only what is not yet done."
    # The checks of the whole product cost a second at each start and run in the suite.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        migrate()
        if settings.SERVER:
            narrow("kczg_app")
            make_bucket()
            return
        if "kczg_cache" not in connection.introspection.table_names():
            call_command("createcachetable", verbosity=0)
        sweep(Path(settings.CELERY_BROKER_TRANSPORT_OPTIONS["processed_folder"]))
        take_up()
        if not apps.get_model("nominations", "Season").objects.exists():
            self.stderr.write("建立演示数据 / making the demo")
            with transaction.atomic():  # All of the demo or nothing, so that a broken start is made good.
                call_command("seed_demo", stdout=self.stderr)
        call_command("cast", stdout=self.stdout)


def migrate() -> None:
    """Applies what is not applied; looks first, because ``migrate`` also refreshes every permission."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)


def narrow(role: str) -> None:
    """Takes from the role of the running processes what it never needs: changing the record (A2).

    ``script/deploy/roles.sql`` makes the role; where the operator uses another set-up there is none.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if not cursor.fetchone():
            return
        record = apps.get_model("kit", "Event")._meta.db_table
        name, table = (connection.ops.quote_name(word) for word in (role, record))
        cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {name}")
        cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {name}")


def make_bucket() -> None:
    """Makes the bucket of private files in a new store."""
    if not settings.S3_BUCKET:
        return
    from botocore.exceptions import ClientError

    client = storages["private"].connection.meta.client  # type: ignore[attr-defined]
    try:
        client.head_bucket(Bucket=settings.S3_BUCKET)
    except ClientError as fault:
        if fault.response["Error"]["Code"] not in ("404", "NoSuchBucket"):
            raise
        client.create_bucket(Bucket=settings.S3_BUCKET)


def take_up() -> None:
    """Owes again what the stopped worker had begun; no worker runs yet, so nobody else is at it."""
    job = apps.get_model("kit", "Job")
    job.objects.filter(state="running").update(state="queued", sent_at=None)


def sweep(folder: Path) -> None:
    """Removes the messages of the file broker that were done before; nobody reads them again."""
    for message in folder.iterdir():
        message.unlink(missing_ok=True)
