from django.db import migrations

from iindustry.linkage import bulk


class Migration(migrations.Migration):
    dependencies = [
        ("linkage", "0002_acts_and_lookup"),
    ]

    operations = [
        migrations.RunSQL(list(bulk.MAKE_SQL), list(bulk.UNDO_SQL)),
        # A second index of ids that Django makes for LIKE; nobody asks so.
        migrations.RunSQL("DROP INDEX IF EXISTS linkage_linkkey_enterprise_id_3d7a5306_like", migrations.RunSQL.noop),
    ]
