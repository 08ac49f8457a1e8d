"""The console's pages of cases: the list, one case, its words for its owner, its replies, and how many wait."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from amana.kernel.refusal import Refusal
from amana.kernel.text import Language, direction, find_language, reader_language
from amana.policy import queries as policy
from amana.post.letters import named
from amana.retailer import queries as retailer
from amana.retailer.guard import StaffRequest, roles
from amana.surveys.loop import actions, letters, queries, replies, shown
from amana.surveys.loop import words as sealed
from amana.surveys.loop.queries import VIEWS, WHOSE, Asked
from amana.surveys.loop.shown import Reader
from amana.surveys.photo import showing

READERS: Final = ("shop_manager", "service")


def reader(request: StaffRequest) -> Reader:
    """Return for whom the page being made is written."""
    return Reader(
        reader_language(),
        policy.current().policy.controller.country,
        request.staff.staff,
        {one.id: one for one in retailer.shops(include_closed=True)},
        {one.id: one for one in retailer.colleagues(session=request.staff.token)},
    )


@never_cache
@require_safe
@roles(*READERS)
def listed(request: StaffRequest) -> HttpResponse:
    """List the cases this member of staff may do something about, the most pressing first."""
    wanted, who = queries.asked(request.GET), reader(request)
    found = queries.cases(request.staff, wanted)
    page = {
        "rows": [shown.row(one, who) for one in found],
        "wanted": wanted,
        "views": [(view, shown.STATES[view]) for view in VIEWS],
        "whose": WHOSE,
        "shops": [(shop.id, shop.name.in_(who.language)) for shop in queries.shops(request.staff)],
        "filtered": wanted != Asked(view=wanted.view),
        "any": bool(found) or bool(queries.cases(request.staff, Asked(view="all"), most=1)),
        "most": queries.MOST if len(found) == queries.MOST else None,
    }
    return render(request, "surveys/loop/list.html", page)


@never_cache
@require_safe
@roles(*READERS)
def badge(request: StaffRequest) -> HttpResponse:
    """Tell the menu how many cases wait."""
    return render(request, "surveys/loop/badge.html", {"waiting": queries.waiting(request.staff)})


@never_cache
@require_safe
@roles(*READERS)
def case(request: StaffRequest, number: UUID) -> HttpResponse:
    """Show one case; what was written stays sealed until its owner opens it."""
    text = _start(request, number) if "start" in request.GET else ""
    return page(request, number, typed={"reply": text})


@never_cache
@require_safe
@roles(*READERS)
def start(request: StaffRequest, number: UUID) -> HttpResponse:
    """Return the field of the reply with what one may begin with."""
    found = queries.get(request.staff, number)
    context = {"language_of": found.language, "dir_of": direction(found.language)}
    return render(
        request, "surveys/loop/reply_field.html", {**context, "typed": {"reply": _start(request, number)}}
    )


def _start(request: StaffRequest, number: UUID) -> str:
    found = letters.STARTS.get(request.GET.get("start", ""))
    return found[1].in_(queries.get(request.staff, number).language) if found else ""


@never_cache
@require_POST
@roles(*READERS)
def words(request: StaffRequest, number: UUID) -> HttpResponse:
    """Open what the person wrote, for the case's owner; it is written down for them to see."""
    try:
        said = sealed.read(staff=request.staff, case=number)
    except Refusal as refusal:
        return page(request, number, refusal=refusal)
    return page(request, number, said=said)


@showing
@never_cache
@require_POST
@roles(*READERS)
def photo(request: StaffRequest, number: UUID) -> HttpResponse:
    """Open the photo the person sent, for the case's owner; it is written down for them to see."""
    try:
        picture = sealed.look(staff=request.staff, case=number)
    except Refusal as refusal:
        return page(request, number, refusal=refusal)
    return page(request, number, picture=picture)


@never_cache
@require_POST
@roles(*READERS)
def preview(request: StaffRequest, number: UUID) -> HttpResponse:
    """Show a reply as it would arrive."""
    row = queries.row(request.staff, number)
    text = request.POST.get("reply", "")
    try:
        mail = replies.words(row, replies.written(text))
    except Refusal as refusal:
        if request.headers.get("HX-Request"):
            said = {"problem": refusal.message_in(reader_language())}
            return render(request, "surveys/loop/preview.html", said)
        return page(request, number, typed={"reply": text}, refusal=refusal)
    language: Language = find_language(row.language) or "ar"
    name = letters.NAME_SHOWN.in_(language)
    context: dict[str, Any] = {
        "mail": mail,
        "paragraphs": [named(part, name, language) for part in mail.paragraphs],
        "language_of": language,
        "dir_of": direction(language),
    }
    if request.headers.get("HX-Request"):
        return render(request, "surveys/loop/preview.html", context)
    return page(request, number, typed={"reply": text}, looked=context)


@never_cache
@require_safe
@roles(*READERS)
def sent(request: StaffRequest, number: UUID) -> HttpResponse:
    """Return the replies as they stand, while one of them moves."""
    found, who = queries.get(request.staff, number), reader(request)
    return render(request, "surveys/loop/replies.html", _replies(request, found, who))


def _replies(request: StaffRequest, found: queries.Found, who: Reader) -> dict[str, Any]:
    made = shown.sent(queries.replies(found.id), who)
    return {
        "case": found,
        "replies": made,
        "moving": any(one.moving for one in made),
        "mine": found.owner == request.staff.staff,
        "language_of": found.language,
        "dir_of": direction(found.language),
    }


def page(
    request: StaffRequest,
    number: UUID,
    *,
    said: Mapping[str, str] | None = None,
    picture: str = "",
    typed: Mapping[str, str] | None = None,
    looked: Mapping[str, Any] | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    """Show one case, with what was opened, typed or refused just now."""
    found, who = queries.get(request.staff, number), reader(request)
    row = shown.row(found, who)
    _chosen, texts = queries.answers(found)
    context = {
        **_replies(request, found, who),
        **_reply(found),
        "row": row,
        "answers": shown.answers(found, who),
        "written": len(texts),
        "may_open": row.mine and found.known and (found.words or bool(found.channels)),
        "photo": shown.photo(found, who),
        "picture": picture,
        "kinds": _kinds(who) if picture else (),
        "said": shown.words(found, said, who) if said is not None else None,
        "history": shown.history(queries.steps(number), who),
        "colleagues": _colleagues(request, found, who),
        "reasons": [(code, shown.REASONS[code]) for code in actions.REASONS],
        "resolution": shown.REASONS.get(found.resolution, ""),
        "typed": typed or {},
        "looked": looked,
        "problem": refusal.message_in(who.language) if refusal else "",
    }
    return render(request, "surveys/loop/case.html", context, status=refusal.status if refusal else 200)


def _kinds(who: Reader) -> list[tuple[str, str]]:
    """Return what a photo may show that nobody asked for."""
    rules = policy.current().policy.surveys.sensitive
    return [(kind, rule.wording.in_(who.language)) for kind, rule in rules.items()]


def _reply(found: queries.Found) -> dict[str, Any]:
    return {
        "channel": shown.CHANNELS.get(replies.find_channel(found.channels) or "", ""),
        "channels": [shown.CHANNELS.get(one, one) for one in found.channels],
        "starts": [(code, name.in_(reader_language())) for code, (name, _) in letters.STARTS.items()],
    }


def _colleagues(request: StaffRequest, found: queries.Found, who: Reader) -> list[tuple[int, str]]:
    return [
        (one.id, one.name.in_(who.language))
        for one in queries.colleagues(request.staff, found.shop)
        if one.id != found.owner
    ]
