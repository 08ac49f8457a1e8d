"""What was read out of words: never a word itself, only what they were about."""

from django.db import models
from django.db.models import Q


class Waiting(models.Model):
    """A response whose words may be read and have not been yet. `texts` are the questions answered in words.

    `fits` says that its person lets it count for what shops should have (`product_fit`).
    """

    response = models.UUIDField(primary_key=True)
    customer = models.UUIDField()
    survey = models.BigIntegerField()
    version = models.BigIntegerField()
    shop = models.BigIntegerField(null=True)
    language = models.TextField()
    day = models.DateField()
    texts = models.JSONField(default=list)
    fits = models.BooleanField(default=False)
    mixing = models.BigIntegerField()
    since = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["since"], name="surveys_waiting_since"),
            models.Index(fields=["customer"], name="surveys_waiting_customer"),
        ]


class OfTheme(models.Model):
    """That one answer in words was about a theme, and how: `sentiment` is -1, 0 or 1."""

    id = models.BigAutoField(primary_key=True)
    response = models.UUIDField()
    survey = models.BigIntegerField()
    shop = models.BigIntegerField(null=True)
    question = models.TextField()
    day = models.DateField()
    language = models.TextField()
    theme = models.TextField()
    sentiment = models.SmallIntegerField()
    mixing = models.BigIntegerField()

    class Meta:
        abstract = True


class Theme(OfTheme):
    """A theme as it was read, at once."""

    customer = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["response", "question", "theme"], name="surveys_theme_once"),
            models.CheckConstraint(condition=Q(sentiment__in=[-1, 0, 1]), name="surveys_theme_sentiment"),
        ]
        indexes = [
            models.Index(fields=["day", "theme"], name="surveys_theme_day"),
            models.Index(fields=["survey", "day"], name="surveys_theme_survey"),
            models.Index(fields=["customer"], name="surveys_theme_customer"),
        ]


class CountedTheme(OfTheme):
    """A theme of an answer that is counted, on the day and in the shop and language it is counted in (`blocks`)."""

    class Meta:
        managed = False
        db_table = "surveys_counted_theme"


class OfSignal(models.Model):
    """That one answer asked for something, or disliked it: `about` is wanted, size, like, dislike or other.

    `product`, `size` and `theme` are codes of the lexicon, `choice` a choice of `version` that none of them
    names; each is empty where there is none.
    """

    id = models.BigAutoField(primary_key=True)
    response = models.UUIDField()
    survey = models.BigIntegerField()
    version = models.BigIntegerField()
    shop = models.BigIntegerField(null=True)
    question = models.TextField()
    day = models.DateField()
    language = models.TextField()
    about = models.TextField()
    product = models.TextField(default="")
    size = models.TextField(default="")
    theme = models.TextField(default="")
    choice = models.TextField(default="")
    mixing = models.BigIntegerField()

    class Meta:
        abstract = True


class Signal(OfSignal):
    """A signal as it was read, at once. `customer` stands only where it was read out of words: choices name nobody."""

    customer = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["about", "day"], name="surveys_signal_about"),
            models.Index(fields=["response"], name="surveys_signal_response"),
            models.Index(
                fields=["customer"], name="surveys_signal_customer", condition=Q(customer__isnull=False)
            ),
        ]


class CountedSignal(OfSignal):
    """A signal of an answer that is counted, on the day and in the shop and language it is counted in (`blocks`)."""

    class Meta:
        managed = False
        db_table = "surveys_counted_signal"


class Candidate(models.Model):
    """A value that may tell what nobody asked for: held back until an officer frees it, or it is purged when due.

    `field` is the category it is kept under. `state` is found (about to be held), held, purged, released or gone, when
    its person withdrew the value or was erased.
    """

    class State(models.TextChoices):
        FOUND = "found"
        HELD = "held"
        PURGED = "purged"
        RELEASED = "released"
        GONE = "gone"

    id = models.BigAutoField(primary_key=True)
    response = models.UUIDField()
    customer = models.UUIDField(null=True)
    field = models.TextField()
    kind = models.TextField()
    survey = models.BigIntegerField()
    shop = models.BigIntegerField(null=True)
    language = models.TextField()
    found_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.TextField(choices=State.choices, default=State.FOUND)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.BigIntegerField(null=True)
    task = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["response", "field", "kind"], name="surveys_candidate_once"),
        ]
        indexes = [
            models.Index(fields=["state", "due_at"], name="surveys_candidate_due"),
            models.Index(
                fields=["customer"], name="surveys_candidate_customer", condition=Q(customer__isnull=False)
            ),
        ]
