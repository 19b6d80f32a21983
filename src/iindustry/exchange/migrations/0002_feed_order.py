"""Messages for members get the number of the transaction that wrote them: a feed is read in that order.

Messages there already get this migration's own number and keep their order by id. A database made anew from a dump counts its
transactions from the beginning: there every message is set to 0 before the first one is written.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
from django.db.models.functions import Cast


class Migration(migrations.Migration):
    """`written_in`, and the index that a feed is read by in place of the one by id."""

    dependencies: ClassVar = [("exchange", "0001_initial")]

    operations: ClassVar = [
        migrations.AlterModelOptions(name="outbox", options={"ordering": ("written_in", "id")}),
        migrations.RemoveIndex(model_name="outbox", name="exchange_outbox_feed"),
        migrations.AddField(
            model_name="outbox",
            name="written_in",
            field=models.BigIntegerField(
                db_default=Cast(
                    Cast(
                        models.Func(function="pg_current_xact_id", output_field=models.TextField()), models.TextField()
                    ),
                    models.BigIntegerField(),
                ),
                help_text="PostgreSQL's number of the transaction",
            ),
        ),
        migrations.AddIndex(
            model_name="outbox",
            index=models.Index(fields=["recipient", "written_in", "id"], name="exchange_outbox_read"),
        ),
    ]
