"""Count in blocks of enough people, and over all shops together."""

from django.db import migrations, models

from amana.kernel.sqlfiles import run


class Migration(migrations.Migration):
    """Who waits to be counted, the sums over all shops, and what was read of those who are counted."""

    dependencies = [("surveys", "0005_asking")]

    operations = [
        run("surveys", "blocks.sql"),
        run("surveys", "counted.sql"),
        migrations.CreateModel(
            name="CountedSignal",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("response", models.UUIDField()),
                ("survey", models.BigIntegerField()),
                ("version", models.BigIntegerField()),
                ("shop", models.BigIntegerField(null=True)),
                ("question", models.TextField()),
                ("day", models.DateField()),
                ("language", models.TextField()),
                ("about", models.TextField()),
                ("product", models.TextField(default="")),
                ("size", models.TextField(default="")),
                ("theme", models.TextField(default="")),
                ("choice", models.TextField(default="")),
                ("mixing", models.BigIntegerField()),
            ],
            options={"db_table": "surveys_counted_signal", "managed": False},
        ),
        migrations.CreateModel(
            name="CountedTheme",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("response", models.UUIDField()),
                ("survey", models.BigIntegerField()),
                ("shop", models.BigIntegerField(null=True)),
                ("question", models.TextField()),
                ("day", models.DateField()),
                ("language", models.TextField()),
                ("theme", models.TextField()),
                ("sentiment", models.SmallIntegerField()),
                ("mixing", models.BigIntegerField()),
            ],
            options={"db_table": "surveys_counted_theme", "managed": False},
        ),
    ]
