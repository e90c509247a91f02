"""Changes of quota that two people make, and the rule that the rows of the quota can't break (Q1).

The triggers for PostgreSQL; those for SQLite, which loses them when it makes a table anew, stand in guards.py.
Each reads what it depends on with FOR SHARE: of two transactions that would break the rule only together, the
second waits for the first and then sees what it did.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


POSTGRESQL = """
CREATE FUNCTION quota_place_added() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE allowed integer;
BEGIN
    SELECT quota INTO allowed FROM nominations_track WHERE id = NEW.track_id FOR SHARE;
    IF NEW.number > COALESCE(allowed, 0) THEN
        RAISE EXCEPTION 'a place beyond its limit' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM nominations_unitchannel
        WHERE unit_id = NEW.unit_id AND channel_id = NEW.channel_id FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a place of a channel that the unit does not have' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER quota_place_added BEFORE INSERT ON nominations_place
    FOR EACH ROW EXECUTE FUNCTION quota_place_added();

CREATE FUNCTION quota_never_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'places and channels are added and removed, never moved' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER quota_place_stays BEFORE UPDATE OF unit_id, track_id, channel_id, number ON nominations_place
    FOR EACH ROW EXECUTE FUNCTION quota_never_moved();
CREATE TRIGGER quota_channel_stays BEFORE UPDATE OF unit_id, channel_id ON nominations_unitchannel
    FOR EACH ROW EXECUTE FUNCTION quota_never_moved();

CREATE FUNCTION quota_channel_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM nominations_place WHERE unit_id = OLD.unit_id AND channel_id = OLD.channel_id) THEN
        RAISE EXCEPTION 'a channel with places' USING ERRCODE = 'check_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER quota_channel_kept BEFORE DELETE ON nominations_unitchannel
    FOR EACH ROW EXECUTE FUNCTION quota_channel_kept();

CREATE FUNCTION quota_limit_holds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM nominations_place
               WHERE track_id = NEW.id AND number > COALESCE(NEW.quota, 0)) THEN
        RAISE EXCEPTION 'places beyond the limit' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER quota_limit_holds BEFORE UPDATE OF quota ON nominations_track
    FOR EACH ROW EXECUTE FUNCTION quota_limit_holds();

CREATE FUNCTION quota_recommendation_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM nominations_nomination n JOIN nominations_place p
        ON p.track_id = n.track_id AND p.unit_id = n.unit_id
        WHERE n.id = NEW.nomination_id AND p.id = NEW.place_id AND p.unit_id = NEW.unit_id FOR SHARE OF n;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a place of another unit or track' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER quota_recommendation_fits
    BEFORE INSERT OR UPDATE OF nomination_id, unit_id, place_id ON nominations_recommendation
    FOR EACH ROW WHEN (NEW.place_id IS NOT NULL) EXECUTE FUNCTION quota_recommendation_fits();

CREATE FUNCTION quota_nomination_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM nominations_recommendation
               WHERE nomination_id = OLD.id AND place_id IS NOT NULL) THEN
        RAISE EXCEPTION 'a recommended nomination keeps unit and track' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER quota_nomination_stays BEFORE UPDATE OF unit_id, track_id ON nominations_nomination
    FOR EACH ROW WHEN (OLD.unit_id IS DISTINCT FROM NEW.unit_id OR OLD.track_id IS DISTINCT FROM NEW.track_id)
    EXECUTE FUNCTION quota_nomination_stays();
"""
LIFT = """
DROP TRIGGER quota_nomination_stays ON nominations_nomination;
DROP TRIGGER quota_recommendation_fits ON nominations_recommendation;
DROP TRIGGER quota_limit_holds ON nominations_track;
DROP TRIGGER quota_channel_kept ON nominations_unitchannel;
DROP TRIGGER quota_channel_stays ON nominations_unitchannel;
DROP TRIGGER quota_place_stays ON nominations_place;
DROP TRIGGER quota_place_added ON nominations_place;
DROP FUNCTION quota_nomination_stays(), quota_recommendation_fits(), quota_limit_holds(), quota_channel_kept(),
    quota_never_moved(), quota_place_added();
"""


def add_triggers(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL)


def drop_triggers(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(LIFT)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_a_credit_code_is_not_unique'),
        ('nominations', '0007_attachments'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='QuotaChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before', models.JSONField()),
                ('after', models.JSONField()),
                ('reason', models.TextField(verbose_name='原因')),
                ('proposed_at', models.DateTimeField()),
                ('approved', models.BooleanField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('season', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='quota_changes', to='nominations.season')),
                ('track', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='nominations.track')),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('organisation', None), ('track__isnull', False)), models.Q(('organisation__isnull', False), ('track', None)), _connector='OR'), name='a_quota_change_names_one_thing'), models.CheckConstraint(condition=models.Q(models.Q(('approved', None), ('decided_by', None)), models.Q(('approved__isnull', False), ('decided_by__isnull', False), models.Q(('decided_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='a_quota_change_takes_two_people'), models.UniqueConstraint(condition=models.Q(('approved', None)), fields=('season', 'organisation'), name='one_open_change_a_unit'), models.UniqueConstraint(condition=models.Q(('approved', None)), fields=('track',), name='one_open_change_a_track')],
            },
        ),
        migrations.RunPython(add_triggers, drop_triggers),
    ]
