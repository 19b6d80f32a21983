"""Of which organisation the person is who asked that a programme go on."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("programmes", "0002_one_at_a_time")]

    operations: ClassVar = [
        migrations.AddField(
            "SuspensionRow", "resume_organisation", models.CharField(blank=True, default="", max_length=32)
        )
    ]
