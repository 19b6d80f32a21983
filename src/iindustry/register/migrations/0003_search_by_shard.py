from django.db import migrations, models

from iindustry.register import bulk

_WHOLE = "CREATE INDEX register_search_text ON register_enterprise USING gin (search_text gin_trgm_ops)"
# Second indexes of text keys that Django makes for LIKE; nobody asks so, and the collation of this database needs none.
_UNUSED = (
    "DROP INDEX IF EXISTS register_enterprise_enterprise_id_93e3ddfe_like",
    "DROP INDEX IF EXISTS register_establishment_establishment_id_13a4855d_like",
)


class Migration(migrations.Migration):
    dependencies = [
        ("register", "0002_what_stood_before"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL("DROP INDEX register_search_text", _WHOLE)],
            [migrations.RemoveIndex(model_name="enterprise", name="register_search_text")],
        ),
        migrations.RunSQL([one.make for one in bulk.TRIGRAMS], [one.drop for one in bulk.TRIGRAMS]),
        migrations.RunSQL(list(_UNUSED), migrations.RunSQL.noop),
        migrations.RunSQL(list(bulk.MAKE_SQL), migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="enterprise",
            name="establishment_count",
            field=models.IntegerField(help_text="null: the register of factories was not delivered", null=True),
        ),
        migrations.AlterField(
            model_name="pastenterprise",
            name="establishment_count",
            field=models.IntegerField(help_text="null: the register of factories was not delivered", null=True),
        ),
    ]
