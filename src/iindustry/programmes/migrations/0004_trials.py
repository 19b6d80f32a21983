"""Which questions a person asked of a register version by drafts."""

from typing import ClassVar

from django.db import migrations, models

import iindustry.kernel.ids


class Migration(migrations.Migration):
    dependencies: ClassVar = [("programmes", "0003_side_that_resumes")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="TrialRow",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=iindustry.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.CharField(max_length=64)),
                ("organisation", models.CharField(max_length=32)),
                ("document", models.CharField(max_length=80)),
                ("register", models.CharField(max_length=80)),
                (
                    "question",
                    models.CharField(
                        help_text="hash of what decides the answer, without titles and notes", max_length=80
                    ),
                ),
                (
                    "set_hash",
                    models.CharField(blank=True, help_text="of which enterprises answer yes", max_length=80),
                ),
                ("answer", models.JSONField(help_text="counts, before they are made coarse")),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "programmes_trial",
                "constraints": [
                    models.UniqueConstraint(fields=("person_id", "register", "question"), name="trial_once_a_question")
                ],
            },
        )
    ]
