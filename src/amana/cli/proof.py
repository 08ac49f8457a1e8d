"""Showing that the record holds, and why somebody was written to."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

import click
import psycopg

from amana.cli import django, home_files
from amana.cli.words import language, say
from amana.gate import explaining, verification
from amana.kernel.text import Bilingual
from amana.ledger import queries as ledger
from amana.ledger import witness as protocol
from amana.ledger.note import NoteError, VerifierKey
from amana.ledger.verify import inside, kept, outside
from amana.ledger.verify.findings import Finding
from amana.ledger.verify.witnessed import Cosigned
from amana.policy import queries as policy
from amana.post import queries as post
from amana.web import home

MOST = 20
EITHER = click.Path(path_type=Path, exists=True)
FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
NEW_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command(
    help=say("Verify the whole record; names the first bad entry, and ends with 1 when there is one.")
)
@click.option("--checkpoint", type=EITHER, help=say("A signed checkpoint you kept."))
@click.option(
    "--kept", "copy", type=FOLDER, help=say("A copy made by --keep: names each entry that was rewritten.")
)
@click.option(
    "--key", "vkey", help=say("The ledger's public key, pinned before; by default this home's own.")
)
@click.option(
    "--witness",
    "witnesses",
    multiple=True,
    metavar="VKEY",
    help=say("A witness whose cosignature has to be there, by its public key; repeat for more."),
)
@click.option("--url", help=say("Verify a published ledger from outside, without a database."))
@click.option("--keep", "folder", type=NEW_FOLDER, help=say("Write a copy to verify against later."))
@click.pass_context
def verify(
    ctx: click.Context,
    /,
    checkpoint: Path | None,
    copy: Path | None,
    vkey: str | None,
    witnesses: tuple[str, ...],
    url: str | None,
    folder: Path | None,
) -> None:
    """Verify inside, or from outside with `--url`."""
    key, pinned = _key(vkey), _witness_keys(witnesses)
    given = copy or checkpoint
    held = kept.load(given, key) if given else None
    if folder is not None:
        if pinned:
            raise click.UsageError(say("--witness and --keep do not go together."))
        _keep(folder, key, url)
        return
    found = _outside(url, key, held, pinned) if url else _inside(key, held, pinned)
    _tell(found)
    ctx.exit(1 if found else 0)


def _key(vkey: str | None) -> VerifierKey:
    try:
        return VerifierKey.parse(vkey) if vkey else home_files.ledger_signer(home.home()).key
    except (NoteError, OSError):
        raise click.ClickException(say("The ledger's key cannot be read; give it with --key.")) from None


def _witness_keys(vkeys: Sequence[str]) -> list[VerifierKey]:
    found = []
    for vkey in vkeys:
        try:
            found.append(protocol.parse_key(vkey))
        except NoteError:
            raise click.ClickException(say("Not the key of a witness: {vkey}").format(vkey=vkey)) from None
    return found


def _keep(folder: Path, key: VerifierKey, url: str | None) -> None:
    try:
        if url:
            written = outside.keep(outside.fetcher(url), folder, key=key)
        else:
            with (
                django.database(),
                psycopg.connect(**home.address("sequencer"), autocommit=True) as sequencer,
            ):
                written = inside.keep(sequencer, folder, key=key)
    except NoteError as error:
        raise click.ClickException(str(error)) from None
    click.echo(say("Kept: {size} entries in {folder}").format(size=written.size, folder=folder))


def _outside(
    url: str, key: VerifierKey, held: kept.Kept | None, witnesses: Sequence[VerifierKey]
) -> tuple[Finding, ...]:
    click.echo(say("Checking the published ledger at {url}").format(url=url))
    fetch = outside.fetcher(url)
    cosigned, findings = outside.seek(fetch, key=key, witnesses=witnesses)
    _tell_cosigned(cosigned)
    return (*outside.audit(fetch, key=key, kept=held, cosigned=cosigned), *findings)


def _tell_cosigned(cosigned: Sequence[Cosigned]) -> None:
    for one in cosigned:
        told = say("Cosigned by {witness}: {size} entries, {at}")
        click.echo(told.format(witness=one.witness.name, size=one.checkpoint.size, at=moment(one.at)))


def _inside(
    key: VerifierKey, held: kept.Kept | None, witnesses: Sequence[VerifierKey]
) -> tuple[Finding, ...]:
    with django.database(), psycopg.connect(**home.address("sequencer"), autocommit=True) as sequencer:
        cosigned, findings = inside.seek(sequencer, key=key, witnesses=witnesses)
        verdict = verification.verify(sequencer, key=key, kept=held)
    looked = verdict.looked
    click.echo(say("Checked:"))
    for words, count in (
        (say("ledger entries, under signed checkpoints"), looked.entries),
        (say("entries that wait for their number"), looked.waiting),
        (say("customers and what is kept of them"), looked.people),
        (say("decisions"), looked.decisions),
        (say("releases"), looked.calls),
        (say("uses, each against the decisions of its moment"), looked.uses),
        (say("look-ups of an address"), looked.look_ups),
        (say("erasures"), looked.erasures),
    ):
        click.echo(f"{count:>10}  {words}")
    _tell_cosigned(cosigned)
    return (*verdict.findings, *findings)


def _tell(found: tuple[Finding, ...]) -> None:
    if not found:
        click.echo(say("Everything holds."))
        return
    lines = [verification.sentence(finding, language()) for finding in found]
    click.echo(say("Does not hold. First: {finding}").format(finding=lines[0]), err=True)
    for line in lines[1:MOST]:
        click.echo(f"  {line}", err=True)
    if len(lines) > MOST:
        click.echo(say("… and {count} more").format(count=len(lines) - MOST), err=True)


@click.command(help=say("Say why somebody got a message; takes its number or its Message-ID."))
@click.argument("message")
def why(message: str) -> None:
    """Explain one message."""
    with django.database(), django.signed_in("owner"):
        for line in _reasons(message):
            click.echo(line)


def _reasons(message: str) -> Iterator[str]:
    posted = post.get_message(message)
    yield say("Message {id}: {kind}, {ref}, {state}").format(
        id=posted.id, kind=posted.kind, ref=posted.ref, state=posted.state
    )
    if posted.handed_over_at:
        yield say("Handed over: {at}").format(at=moment(posted.handed_over_at))
    found = posted.task and explaining.why(task=posted.task, customer=posted.customer)
    if not found:
        yield say("No task is recorded for it: it was not sent.")
        return
    yield say("Planned: {at}, by the role {role}").format(at=moment(found.planned_at), role=found.role)
    if posted.customer is None:
        yield say("Its reader was erased: what was decided is gone with them, the commitments stay.")
    for release in found.releases:
        yield from _release(found.purpose, release)
    for address in found.addresses:
        yield say("Address confirmed by its owner: {field}, {at}").format(
            field=address.field, at=moment(address.confirmed_at)
        )
        yield proof(address.entry)


def _release(purpose: str, release: explaining.Release) -> Iterator[str]:
    rule = policy.get_published(release.policy).policy.purposes[purpose]
    yield say("Purpose {purpose}, clause {clause} of policy version {version}, on the basis {basis}:").format(
        purpose=purpose, clause=rule.clause, version=release.policy, basis=release.basis
    )
    yield f"  {words(rule.question)} — {words(rule.answer)}"
    yield say("Released: {at}, fields {fields}, by {channel}, to {recipient}").format(
        at=moment(release.at),
        fields=", ".join(release.fields),
        channel=release.channel or "—",
        recipient=release.recipient,
    )
    yield proof(release.entry)
    held = {
        True: say("the root holds"),
        False: say("the root does NOT hold"),
        None: say("the record will hold its root within seconds"),
    }[release.proven]
    yield "  " + say("use {place} of {people} in this release; {held}").format(
        place=release.place, people=release.people, held=held
    )
    if release.decision:
        yield from _decision(release.decision)


def _decision(decision: explaining.Relied) -> Iterator[str]:
    yield say("Decision: {kind}, {at}, by {actor} ({source}), policy version {version}").format(
        kind=decision.kind,
        at=moment(decision.at),
        actor=decision.actor,
        source=decision.source or "—",
        version=decision.policy,
    )
    if decision.wording:
        yield "  " + say("On these words: {words}").format(words=decision.wording)
    yield proof(decision.entry)


def proof(entry: UUID) -> str:
    """Say where an entry stands in the ledger, and whether its proof leads to the signed root."""
    found = ledger.find_inclusion(entry)
    if found is None:
        return "  " + say("ledger entry {entry}, waiting for a checkpoint").format(entry=entry)
    held = say("proven") if found.holds() else say("NOT proven")
    return "  " + say("ledger entry {entry}: index {index} of {size}, {held}").format(
        entry=entry, index=found.index, size=found.checkpoint.size, held=held
    )


def words(text: Bilingual) -> str:
    """Return a text in the terminal's language, on one line."""
    return " ".join(text.in_(language()).split())


def moment(at: datetime) -> str:
    """Write a moment in UTC."""
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
