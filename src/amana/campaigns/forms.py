"""Check what a marketer writes. A draft may be incomplete; what is there has to be sound."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from amana.campaigns.letter import Words, Written, stray_braces
from amana.policy import queries as policy

_ARABIC = {"dir": "rtl", "lang": "ar"}
_ENGLISH = {"dir": "ltr", "lang": "en"}
_ONE_LINE = ("name", "subject_ar", "subject_en", "opening_ar", "opening_en", "label_ar", "label_en")
_TEXTS = ("subject_ar", "subject_en", "opening_ar", "opening_en", "body_ar", "body_en")
_SUBJECT, _OPENING, _BODY, _LABEL = 150, 200, 10_000, 40


def _line(label: Any, most: int, attributes: dict[str, str], hint: Any = "") -> forms.CharField:
    widget = forms.TextInput(attrs={**attributes, "autocomplete": "off"})
    return forms.CharField(label=label, max_length=most, required=False, help_text=hint, widget=widget)


def _text(label: Any, attributes: dict[str, str], hint: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={**attributes, "rows": 10})
    return forms.CharField(label=label, max_length=_BODY, required=False, help_text=hint, widget=widget)


class CampaignForm(forms.Form):
    """The words of a promotion, both languages side by side."""

    name = forms.CharField(
        label=_("What you call it"),
        help_text=_("For you and your colleagues; customers do not see it."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    subject_ar = _line(_("Subject in Arabic"), _SUBJECT, _ARABIC)
    opening_ar = _line(
        _("Opening line in Arabic"),
        _OPENING,
        _ARABIC,
        _("Inboxes show it after the subject. It is the first line of the mail. Can stay empty."),
    )
    body_ar = _text(
        _("Body in Arabic"),
        _ARABIC,
        _("An empty line begins a new paragraph. {name} becomes the reader's name."),
    )
    label_ar = _line(_("Button in Arabic"), _LABEL, _ARABIC, _("Only with a link: says what it opens."))
    subject_en = _line(_("Subject in English"), _SUBJECT, _ENGLISH)
    opening_en = _line(
        _("Opening line in English"),
        _OPENING,
        _ENGLISH,
        _("Inboxes show it after the subject. It is the first line of the mail. Can stay empty."),
    )
    body_en = _text(
        _("Body in English"),
        _ENGLISH,
        _("An empty line begins a new paragraph. {name} becomes the reader's name."),
    )
    label_en = _line(_("Button in English"), _LABEL, _ENGLISH, _("Only with a link: says what it opens."))
    link = forms.CharField(
        label=_("Link to the offer"),
        help_text=_("Only to sites that the privacy notice names. Can stay empty."),
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "url", "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        """Keep single lines single, and refuse braces that no name will fill."""
        cleaned = super().clean() or {}
        for name in _ONE_LINE:
            cleaned[name] = " ".join(cleaned.get(name, "").split())
        for name in _TEXTS:
            stray = stray_braces(cleaned.get(name, ""))
            if stray:
                said = gettext("Only {name} can stand in braces, not %(found)s.") % {"found": stray[0]}
                self.add_error(name, said)
        return cleaned

    def clean_link(self) -> str:
        """Refuse what is no https address, and sites the notice does not name (T1)."""
        link = str(self.cleaned_data["link"]).strip()
        if not link:
            return ""
        try:
            parts = urlsplit(link)
            host = (parts.hostname or "").lower()
        except ValueError:
            host, parts = "", urlsplit("")
        if parts.scheme != "https" or not host or parts.username or not link.isprintable() or " " in link:
            raise forms.ValidationError(_("Please write the whole address, beginning with https://"))
        if not _declared(host):
            said = _("The privacy notice does not name %(host)s. Only sites it names can be linked to.")
            raise forms.ValidationError(said, params={"host": host})
        return link

    @property
    def written(self) -> Written:
        """Return what was typed, as far as it is sound; for advice also from an invalid form."""
        found = {name: str(value) for name, value in getattr(self, "cleaned_data", {}).items()}
        spoken = {
            language: Words(
                *(found.get(f"{part}_{language}", "") for part in ("subject", "opening", "body", "label"))
            )
            for language in ("ar", "en")
        }
        return Written(found.get("name", ""), spoken["ar"], spoken["en"], found.get("link", ""))


def initial_of(written: Written) -> dict[str, str]:
    """Return what the form starts with for a draft that is here already."""
    return {"name": written.name, "link": written.link, **written.columns()}


def _declared(host: str) -> bool:
    hosts = {found.host.lower() for found in policy.current().policy.destinations.values()}
    own = urlsplit(settings.AMANA_PUBLIC_URL).hostname
    return host == own or any(host == known or host.endswith(f".{known}") for known in hosts)
