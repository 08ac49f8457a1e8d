"""`amana surveys`: look after what surveys were answered."""

import click

from amana.cli import django
from amana.cli.words import language, say
from amana.retailer import queries as retailer
from amana.surveys.builder import queries as designs
from amana.surveys.builder.queries import Draft
from amana.surveys.results import blocks, recounting
from amana.surveys.results.recounting import Mended, Wrong

# So many wrong blocks of a survey are named.
NAMED = 20


@click.group("surveys", help=say("Look after what surveys were answered."))
def surveys() -> None:
    """Group the verbs of surveys."""


@surveys.command(
    help=say(
        "Count results anew from the answers and mend what is wrong: of the surveys with these numbers, or of all. "
        "Safe while answers come in: those of a survey wait until it is done."
    )
)
@click.argument("numbers", type=int, nargs=-1)
def recount(numbers: tuple[int, ...]) -> None:
    """Mend the counts of surveys, one after the other, and say which blocks were wrong."""
    with django.database():
        wanted = [designs.get_draft(number) for number in dict.fromkeys(numbers)] or designs.drafts()
        answered = recounting.answered()
        done: list[tuple[Draft, Mended]] = []
        length = sum(1 + answered.get(draft.id, 0) for draft in wanted)
        with click.progressbar(length=length, label=say("Answers are counted anew")) as bar:
            for draft in wanted:
                done.append((draft, recounting.mend(draft.id)))
                bar.update(1 + answered.get(draft.id, 0))
        for draft, mended in done:
            _tell(draft, mended, answered.get(draft.id, 0))
    if not done:
        click.echo(say("There are no surveys."))


def _tell(draft: Draft, mended: Mended, answers: int) -> None:
    name = say("{number} “{title}”").format(
        number=draft.id, title=draft.definition.title.in_(language()) or draft.slug
    )
    if not mended.wrong and not mended.anew:
        click.echo(say("{survey}: right ({answers} answers)").format(survey=name, answers=f"{answers:,}"))
        return
    if mended.wrong:
        click.echo(
            say("{survey}: mended; blocks that were wrong: {blocks}").format(
                survey=name, blocks=len(mended.wrong)
            )
        )
    shops = {shop.id: shop.name.in_(language()) for shop in retailer.shops(include_closed=True)}
    for wrong in mended.wrong[:NAMED]:
        click.echo(f"  {_block(wrong, shops)}")
    if len(mended.wrong) > NAMED:
        click.echo("  " + say("and {more} more").format(more=len(mended.wrong) - NAMED))
    if mended.anew:
        click.echo(say("{survey}: a block had too few answers; all blocks are made anew").format(survey=name))


def _block(wrong: Wrong, shops: dict[int, str]) -> str:
    """Say which block it is: its version, shop, language and day, and never a figure."""
    stratum = wrong.stratum
    if stratum.shop == blocks.EVERYWHERE:
        shop = say("the sum of all shops")
    elif stratum.shop == blocks.NOWHERE:
        shop = say("no shop, or several together")
    else:
        shop = shops.get(stratum.shop, str(stratum.shop))
    spoken = {"ar": say("Arabic"), "en": say("English")}.get(stratum.language, say("both languages"))
    version = designs.get_version(stratum.version).number
    return say("version {version} · {shop} · {language} · {day}").format(
        version=version, shop=shop, language=spoken, day=wrong.day.isoformat()
    )
