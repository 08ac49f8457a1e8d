"""Where the desk's pages are."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from amana.desk import console

CONSOLE = [
    path("desk", console.queue, name="desk"),
    path("desk/<uuid:number>", console.conversation, name="desk-conversation"),
    path("desk/<uuid:number>/take", console.take, name="desk-take"),
    path("desk/<uuid:number>/answer", console.answer, name="desk-answer"),
    path("desk/<uuid:number>/close", console.close, name="desk-close"),
    path("desk/<uuid:number>/reopen", console.reopen, name="desk-reopen"),
    path("desk/<uuid:number>/mail/<uuid:letter>", console.raw, name="desk-raw"),
    path("desk/<uuid:number>/erasure", console.start_erasure, name="desk-start-erasure"),
    path("desk/<uuid:number>/erasure/<uuid:asked>", console.review_erasure, name="desk-review-erasure"),
    path("desk/<uuid:number>/erasure/<uuid:asked>/carry-out", console.erase, name="desk-erase"),
    path("desk/<uuid:number>/erasure/<uuid:asked>/refuse", console.refuse, name="desk-refuse"),
    path("desk/<uuid:number>/erasure/<uuid:asked>/extend", console.extend, name="desk-extend"),
]

CONSOLE_MENU = [("desk", _("Customer service"), "chat")]
