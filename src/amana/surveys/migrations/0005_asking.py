"""Create who was asked, and when."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Who was asked, and when, and how full the quotas are."""

    dependencies = [("surveys", "0004_loop")]

    operations = [
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("customer", models.UUIDField(null=True)),
                ("occasion", models.TextField()),
                ("ref", models.TextField()),
                ("shop", models.BigIntegerField(null=True)),
                (
                    "state",
                    models.TextField(
                        choices=[("waiting", "Waiting"), ("sent", "Sent"), ("skipped", "Skipped")],
                        default="waiting",
                    ),
                ),
                ("reason", models.TextField(default="")),
                ("made_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["due_at"],
                        name="surveys_invitation_due",
                    ),
                    models.Index(
                        condition=models.Q(("customer__isnull", False)),
                        fields=["customer", "settled_at"],
                        name="surveys_invitation_customer",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("occasion", "ref"), name="surveys_invitation_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="QuotaCount",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("survey", models.BigIntegerField()),
                ("name", models.TextField()),
                ("count", models.BigIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("survey", "name"), name="surveys_quota_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Rule",
            fields=[
                ("occasion", models.TextField(primary_key=True, serialize=False)),
                ("survey", models.BigIntegerField()),
                ("set_by", models.BigIntegerField()),
                ("set_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("occasion__in", ["purchase", "conversation"])),
                        name="surveys_rule_occasion",
                    )
                ],
            },
        ),
    ]
