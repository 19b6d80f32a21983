"""Entries, leaves and checkpoints are insert-only: triggers, and rights by role."""

from django.db import migrations

from iindustry.ledger import grants


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.RunSQL(grants.TRIGGER_SQL, grants.UNDO_TRIGGER_SQL),
        migrations.RunSQL(grants.sql(), migrations.RunSQL.noop),
    ]
