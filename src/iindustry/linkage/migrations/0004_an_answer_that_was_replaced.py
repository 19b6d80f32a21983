from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("linkage", "0003_look_ups_by_the_lump"),
    ]

    operations = [
        migrations.AddField(
            model_name="judgement",
            name="replaced_by",
            field=models.OneToOneField(
                null=True,
                on_delete=models.deletion.PROTECT,
                related_name="replaces",
                to="linkage.judgement",
            ),
        ),
    ]
