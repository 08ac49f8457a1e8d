"""What a replay did, in the words of whoever restored or started."""

from amana.cli.words import say
from amana.gate.replaying import Replayed


def erased(done: Replayed) -> str:
    """Say whom a replay erased again."""
    return say("Erase journal replayed: {records} records, {people} people erased again.").format(
        records=done.records, people=done.people
    )


def narrowed(done: Replayed) -> list[str]:
    """Say what a replay narrowed again, and whether some of that is lost."""
    found = []
    if done.narrowed:
        found.append(
            say("Withdrawals, objections and restrictions applied again: {count}").format(count=done.narrowed)
        )
    if done.suppressed:
        found.append(
            say("Addresses suppressed again, as their servers refuse them: {count}").format(
                count=done.suppressed
            )
        )
    if done.lost:
        found.append(
            say(
                "The file of withdrawals, objections and restrictions is missing, or lines of it are. Bring its newest "
                "copy back, or enter again what was withdrawn since the backup."
            )
        )
    return found
