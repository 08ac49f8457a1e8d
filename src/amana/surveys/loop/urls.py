"""Where cases, notes and a manager's day are."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from amana.surveys.loop import console, console_acts, console_shop, public

CONSOLE = [
    path("cases", console.listed, name="case-list"),
    path("cases/waiting", console.badge, name="case-badge"),
    path("cases/<uuid:number>", console.case, name="case"),
    path("cases/<uuid:number>/words", console.words, name="case-words"),
    path("cases/<uuid:number>/photo", console.photo, name="case-photo"),
    path("cases/<uuid:number>/take", console_acts.take, name="case-take"),
    path("cases/<uuid:number>/give", console_acts.give, name="case-give"),
    path("cases/<uuid:number>/note", console_acts.note, name="case-note"),
    path("cases/<uuid:number>/escalate", console_acts.escalate, name="case-escalate"),
    path("cases/<uuid:number>/resolve", console_acts.resolve, name="case-resolve"),
    path("cases/<uuid:number>/reopen", console_acts.reopen, name="case-reopen"),
    path("cases/<uuid:number>/start", console.start, name="case-start"),
    path("cases/<uuid:number>/preview", console.preview, name="case-preview"),
    path("cases/<uuid:number>/reply", console_acts.reply, name="case-reply"),
    path("cases/<uuid:number>/replies", console.sent, name="case-replies"),
    path("cases/<uuid:number>/replies/<uuid:reply>/undo", console_acts.undo, name="case-undo"),
    path("my-shop", console_shop.my_shop, name="my-shop"),
    path("changes", console_shop.notes, name="improvement-list"),
    path("changes/<int:number>/publish", console_shop.publish, name="improvement-publish"),
    path("changes/<int:number>/withdraw", console_shop.withdraw, name="improvement-withdraw"),
]

PUBLIC = [path("changes/<slug:shop>", public.changes, name="changes")]

# The last names the page that tells how many wait.
CONSOLE_MENU = [
    ("my-shop", _("My shop today"), "shop"),
    ("case-list", _("Cases"), "alert", "case-badge"),
    ("improvement-list", _("What we changed"), "check"),
]
