"""Create the ratings."""

import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    """Ratings without a name."""

    initial = True

    dependencies = [("kernel", "0001_schemas"), ("customers", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Response",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("key", models.UUIDField(unique=True)),
                ("survey", models.PositiveSmallIntegerField()),
                ("shop", models.BigIntegerField()),
                ("rating", models.PositiveSmallIntegerField()),
                ("language", models.TextField()),
                ("policy", models.IntegerField()),
                ("answered_at", models.DateTimeField()),
                ("customer", models.UUIDField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["shop", "answered_at"], name="surveys_response_shop"),
                    models.Index(fields=["customer"], name="surveys_response_customer"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("rating__gte", 1), ("rating__lte", 5)),
                        name="surveys_response_rating",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["ar", "en"])), name="surveys_response_language"
                    ),
                ],
            },
        ),
    ]
