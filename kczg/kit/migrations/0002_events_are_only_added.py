"""The database itself refuses to change or delete an event, so that a fault in the code can't either (A2)."""

from django.db import migrations

POSTGRESQL = """
CREATE FUNCTION kit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are only added' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER kit_event_only_added BEFORE UPDATE OR DELETE ON kit_event
    FOR EACH ROW EXECUTE FUNCTION kit_event_refuse();
"""
SQLITE = (
    "CREATE TRIGGER kit_event_no_update BEFORE UPDATE ON kit_event "
    "BEGIN SELECT RAISE(ABORT, 'events are only added'); END",
    "CREATE TRIGGER kit_event_no_delete BEFORE DELETE ON kit_event "
    "BEGIN SELECT RAISE(ABORT, 'events are only added'); END",
)


def add_triggers(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for statement in (POSTGRESQL,) if vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def drop_triggers(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER kit_event_only_added ON kit_event")
        schema_editor.execute("DROP FUNCTION kit_event_refuse()")
        return
    schema_editor.execute("DROP TRIGGER kit_event_no_update")
    schema_editor.execute("DROP TRIGGER kit_event_no_delete")


class Migration(migrations.Migration):
    dependencies = [("kit", "0001_initial")]
    operations = [migrations.RunPython(add_triggers, drop_triggers)]
