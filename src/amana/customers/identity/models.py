"""Rows that the database's functions add, and that nothing changes: who is attached, detached, merged and parted."""

from django.db import models
from django.db.models import F, Q

MADE_BY = ("sign_in", "signed_link", "server_identify")
ENDED_BY = ("customer", "staff", "replaced")


class Edge(models.Model):
    """A pseudonym of one purpose belongs to a customer, from `began_at` on.

    `includes_before`: the person allowed what was browsed before that moment to count as theirs. An edge that replaces
    another only to change that belongs to the same `chain`, which is named by its first edge.
    """

    id = models.BigAutoField(primary_key=True)
    chain = models.BigIntegerField()
    pseudonym = models.TextField()
    purpose = models.TextField()
    customer = models.UUIDField(db_index=True)
    made_by = models.TextField()
    source = models.TextField()
    policy = models.IntegerField()
    includes_before = models.BooleanField()
    began_at = models.DateTimeField()
    at = models.DateTimeField()
    entry = models.UUIDField(unique=True)

    class Meta:
        """What the database itself sees to."""

        indexes = (models.Index(fields=["purpose", "pseudonym", "id"], name="customers_edge_pseudonym"),)
        constraints = (
            models.CheckConstraint(condition=Q(made_by__in=MADE_BY), name="customers_edge_made_by"),
            models.CheckConstraint(
                condition=Q(pseudonym__regex=r"^[0-9a-f]{16,64}$"), name="customers_edge_hex"
            ),
        )


class Detachment(models.Model):
    """An edge came to its end. A row of its own: the edge stays as it was made."""

    edge = models.OneToOneField(Edge, models.DO_NOTHING, primary_key=True, related_name="detachment")
    made_by = models.TextField()
    staff = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    entry = models.UUIDField(unique=True)

    class Meta:
        """What the database itself sees to."""

        constraints = (
            models.CheckConstraint(condition=Q(made_by__in=ENDED_BY), name="customers_detachment_made_by"),
        )


class Conflict(models.Model):
    """A pseudonym that belongs to one person was claimed for another, `customer`; staff decide.

    `edge` is the first of the chain that holds it.
    """

    id = models.BigAutoField(primary_key=True)
    edge = models.ForeignKey(Edge, models.DO_NOTHING, related_name="conflicts")
    customer = models.UUIDField(db_index=True)
    made_by = models.TextField()
    source = models.TextField()
    policy = models.IntegerField()
    at = models.DateTimeField()
    entry = models.UUIDField(unique=True)

    class Meta:
        """What the database itself sees to."""

        constraints = (
            models.UniqueConstraint(fields=["edge", "customer"], name="customers_conflict_once"),
            models.CheckConstraint(condition=Q(made_by__in=MADE_BY), name="customers_conflict_made_by"),
        )


class Settlement(models.Model):
    """A conflict was decided by a member of staff: the pseudonym was `kept` or `moved`."""

    conflict = models.OneToOneField(Conflict, models.DO_NOTHING, primary_key=True, related_name="settlement")
    outcome = models.TextField()
    staff = models.BigIntegerField()
    reason = models.TextField()
    at = models.DateTimeField()

    class Meta:
        """What the database itself sees to."""

        constraints = (
            models.CheckConstraint(
                condition=Q(outcome__in=("kept", "moved")), name="customers_settlement_outcome"
            ),
        )


class Merge(models.Model):
    """A member of staff holds two customers to be one person; `survivor` stands for both."""

    id = models.BigAutoField(primary_key=True)
    survivor = models.UUIDField(db_index=True)
    other = models.UUIDField(db_index=True)
    staff = models.BigIntegerField()
    reason = models.TextField()
    at = models.DateTimeField()

    class Meta:
        """What the database itself sees to."""

        constraints = (
            models.CheckConstraint(condition=~Q(survivor=F("other")), name="customers_merge_of_two"),
            models.CheckConstraint(condition=Q(reason__regex=r"\S"), name="customers_merge_reason"),
        )


class Undo(models.Model):
    """A merge was undone."""

    merge = models.OneToOneField(Merge, models.DO_NOTHING, primary_key=True, related_name="undone")
    staff = models.BigIntegerField()
    reason = models.TextField()
    at = models.DateTimeField()

    class Meta:
        """What the database itself sees to."""

        constraints = (
            models.CheckConstraint(condition=Q(reason__regex=r"\S"), name="customers_undo_reason"),
        )
