"""A deadline may be counted back from its start and have a day it does not come before; the day that has begun."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("platform", "0001_initial"),
    ]

    operations = [
        migrations.AddField(model_name="deadline", name="not_before", field=models.DateField(null=True)),
        migrations.AlterField(model_name="deadline", name="count", field=models.IntegerField()),
        migrations.CreateModel(
            name="DayTurn",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("day", models.DateField()),
                ("national_sha256", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="day_turn_single_row"),
                ],
            },
        ),
    ]
