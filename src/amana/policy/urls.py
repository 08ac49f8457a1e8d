"""Where the policy's pages are."""

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from amana.policy import console, public
from amana.policy.notice import Proofs


def pages(proofs: Proofs = public.no_proofs) -> list[URLPattern]:
    """Return the public pages; `proofs` brings the figures shown beside the promises."""
    return [
        path("privacy", public.running_notice, {"proofs": proofs}, name="notice"),
        path("privacy/versions", public.all_versions, name="notice-versions"),
        path("privacy/<int:number>", public.earlier_notice, name="notice-version"),
    ]


PUBLIC = pages()

PUBLIC_API: list[URLPattern] = [
    path(".well-known/gpc.json", public.gpc, name="gpc"),
    path(".well-known/security.txt", public.security, name="security-txt"),
]
API = PUBLIC_API

CONSOLE: list[URLPattern] = [
    path("policy/record", console.processing_record, name="processing-record"),
    path("policy/record.csv", console.processing_record_csv, name="processing-record-csv"),
]

# Name of the page, label, icon of the sprite.
CONSOLE_MENU = [("processing-record", _("Record of processing"), "policy")]
