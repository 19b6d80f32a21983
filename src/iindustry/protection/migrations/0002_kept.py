"""Versions of agreements and consents, and disclosures, are insert-only."""

from django.db import migrations

from iindustry.protection import grants


class Migration(migrations.Migration):
    dependencies = [("protection", "0001_initial")]

    operations = [migrations.RunSQL(grants.TRIGGER_SQL, grants.UNDO_TRIGGER_SQL)]
