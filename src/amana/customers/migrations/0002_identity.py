"""Create whose browser is whose, who is held to be one with whom, and the functions that alone may write it."""

from typing import Any

from django.db import migrations, models
from django.db.models import DO_NOTHING, F, Q

from amana.kernel.sqlfiles import install, run

MADE_BY = ("sign_in", "signed_link", "server_identify")


def _part(**fields: Any) -> list[tuple[str, Any]]:
    return list(fields.items())


def _only(name: str, **condition: object) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**condition), name=name)


def _first(model: str, related: str) -> Any:
    return models.OneToOneField(
        f"customers.{model}", DO_NOTHING, primary_key=True, related_name=related, serialize=False
    )


class Migration(migrations.Migration):
    """Edges, conflicts and merges, each with the rows that end them."""

    dependencies = [
        ("customers", "0001_initial"),
        ("gate", "0001_initial"),
        ("consent", "0001_initial"),
        ("retailer", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Edge",
            fields=_part(
                id=models.BigAutoField(primary_key=True, serialize=False),
                chain=models.BigIntegerField(),
                pseudonym=models.TextField(),
                purpose=models.TextField(),
                customer=models.UUIDField(db_index=True),
                made_by=models.TextField(),
                source=models.TextField(),
                policy=models.IntegerField(),
                includes_before=models.BooleanField(),
                began_at=models.DateTimeField(),
                at=models.DateTimeField(),
                entry=models.UUIDField(unique=True),
            ),
            options={
                "indexes": (
                    models.Index(fields=["purpose", "pseudonym", "id"], name="customers_edge_pseudonym"),
                ),
                "constraints": (
                    _only("customers_edge_made_by", made_by__in=MADE_BY),
                    _only("customers_edge_hex", pseudonym__regex=r"^[0-9a-f]{16,64}$"),
                ),
            },
        ),
        migrations.CreateModel(
            name="Detachment",
            fields=_part(
                edge=_first("edge", "detachment"),
                made_by=models.TextField(),
                staff=models.BigIntegerField(null=True),
                at=models.DateTimeField(),
                entry=models.UUIDField(unique=True),
            ),
            options={
                "constraints": (
                    _only("customers_detachment_made_by", made_by__in=("customer", "staff", "replaced")),
                )
            },
        ),
        migrations.CreateModel(
            name="Conflict",
            fields=_part(
                id=models.BigAutoField(primary_key=True, serialize=False),
                edge=models.ForeignKey("customers.edge", DO_NOTHING, related_name="conflicts"),
                customer=models.UUIDField(db_index=True),
                made_by=models.TextField(),
                source=models.TextField(),
                policy=models.IntegerField(),
                at=models.DateTimeField(),
                entry=models.UUIDField(unique=True),
            ),
            options={
                "constraints": (
                    models.UniqueConstraint(fields=["edge", "customer"], name="customers_conflict_once"),
                    _only("customers_conflict_made_by", made_by__in=MADE_BY),
                )
            },
        ),
        migrations.CreateModel(
            name="Settlement",
            fields=_part(
                conflict=_first("conflict", "settlement"),
                outcome=models.TextField(),
                staff=models.BigIntegerField(),
                reason=models.TextField(),
                at=models.DateTimeField(),
            ),
            options={"constraints": (_only("customers_settlement_outcome", outcome__in=("kept", "moved")),)},
        ),
        migrations.CreateModel(
            name="Merge",
            fields=_part(
                id=models.BigAutoField(primary_key=True, serialize=False),
                survivor=models.UUIDField(db_index=True),
                other=models.UUIDField(db_index=True),
                staff=models.BigIntegerField(),
                reason=models.TextField(),
                at=models.DateTimeField(),
            ),
            options={
                "constraints": (
                    models.CheckConstraint(condition=~Q(survivor=F("other")), name="customers_merge_of_two"),
                    _only("customers_merge_reason", reason__regex=r"\S"),
                )
            },
        ),
        migrations.CreateModel(
            name="Undo",
            fields=_part(
                merge=_first("merge", "undone"),
                staff=models.BigIntegerField(),
                reason=models.TextField(),
                at=models.DateTimeField(),
            ),
            options={"constraints": (_only("customers_undo_reason", reason__regex=r"\S"),)},
        ),
        run("customers", "resolution.sql"),
        *install("customers", functions=["edges.sql", "merging.sql", "lifting.sql"], schema="public"),
    ]
