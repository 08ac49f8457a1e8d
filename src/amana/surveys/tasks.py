"""The jobs of the surveys: take answers in every second, read words, let go of what is over."""

from importlib import import_module

from procrastinate.contrib.django import app

from amana.surveys.intake import retention, taking
from amana.surveys.loop import tasks as loop
from amana.surveys.reading import keeping_back, letting_go
from amana.surveys.taking import tasks as asking

# Invitations, codes and objections have jobs of their own, which are known once their module is read.
ASKING = (asking.invite, asking.drop_codes, asking.honour_objections)
LOOP = (loop.close_loop, loop.escalate, loop.end_cases)
TAKE_IN = "surveys.take_in"


@app.periodic(cron="* * * * * *")
@app.task(name=TAKE_IN, queue="surveys", queueing_lock=TAKE_IN, lock=TAKE_IN, pass_context=False)
def take_in(timestamp: int = 0) -> None:
    """Take in the answers that wait."""
    taking.take_in(seconds=taking.PATIENCE_SECONDS)


@app.periodic(cron="23 * * * *")
@app.task(
    name="surveys.end_retention",
    queue="surveys",
    queueing_lock="surveys.end_retention",
    pass_context=False,
)
def end_retention(timestamp: int = 0) -> None:
    """Delete answers and envelopes whose time is over."""
    retention.end()


@app.periodic(cron="* * * * * */10")
@app.task(
    name="surveys.read",
    queue="reading",
    queueing_lock="surveys.read",
    lock="surveys.read",
    pass_context=False,
)
def read_words(timestamp: int = 0) -> None:
    """Read the words that wait, and hold what nobody should have told us."""
    # What it learns with is loaded by the worker that reads, and by no other process.
    import_module("amana.surveys.reading.opening").read_waiting()


@app.periodic(cron="*/5 * * * *")
@app.task(name="surveys.let_go", queue="reading", queueing_lock="surveys.let_go", pass_context=False)
def let_go(timestamp: int = 0) -> None:
    """Let go of what was read of who no longer allows it, and delete what was kept back and is due."""
    letting_go.let_go()
    keeping_back.purge_due()


@app.periodic(cron="37 2 * * *")
@app.task(
    name="surveys.end_reading", queue="reading", queueing_lock="surveys.end_reading", pass_context=False
)
def end_reading(timestamp: int = 0) -> None:
    """Delete what was read and chosen longer ago than the policy keeps it."""
    letting_go.end_retention()
