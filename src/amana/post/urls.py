"""Where the demo's mailboxes are; outside the demo they answer 404."""

from django.urls import path

from amana.post import public

PUBLIC = [
    path("mailbox/", public.box_list, name="mailbox"),
    path("mailbox/<str:key>/", public.box, name="mailbox-box"),
    path("mailbox/<str:key>/write/", public.write, name="mailbox-write"),
    path("mailbox/<str:key>/<str:mail>/", public.mail, name="mailbox-mail"),
    path("mailbox/<str:key>/<str:mail>/html", public.page, name="mailbox-page"),
]
