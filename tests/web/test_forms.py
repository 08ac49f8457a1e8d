"""Forms say beside each field, and above all of them, what is to be mended."""

import re

from django import forms
from django.utils.translation import override

from amana.web.forms import Renderer


class Sample(forms.Form):
    """A field of each kind."""

    email = forms.EmailField(help_text="Only <once>")
    channel = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    offers = forms.BooleanField(help_text="Twice a week")
    key = forms.CharField(widget=forms.HiddenInput, required=False)


def shown(values: dict[str, str] | None) -> str:
    with override("en"):
        return str(Sample(values, renderer=Renderer()))


def test_each_field_has_label_hint_and_control_in_this_order() -> None:
    page = shown(None)
    order = [page.index(part) for part in ('for="id_email"', 'id="id_email_helptext"', 'name="email"')]
    assert order == sorted(order)
    assert (page.count('class="problems'), page.count('class="error"'), page.count("checked")) == (0, 0, 0)


def test_hints_are_text_and_not_markup() -> None:
    assert shown(None).count("Only &lt;once&gt;") == 1


def test_errors_are_tied_to_their_fields() -> None:
    page = shown({"email": "nora@"})
    assert re.findall(r'aria-describedby="([^"]+)"', page) == [
        "id_email_helptext id_email_error",
        "id_channel_error",
        "id_offers_helptext id_offers_error",
    ]
    described = re.findall(r' id="(\w+_(?:helptext|error))"', page)
    assert described == [
        "id_email_helptext", "id_email_error", "id_channel_error", "id_offers_helptext", "id_offers_error",
    ]  # fmt: skip


def test_the_summary_leads_to_each_fault() -> None:
    page = shown({"email": "nora@"})
    targets = re.findall(r'<a href="#([^"]+)"', page)
    assert targets == ["id_email", "id_channel", "id_offers"]
    assert [page.count(f'id="{target}"') for target in targets] == [1, 1, 1]


def test_one_choice_is_one_target_with_its_own_label() -> None:
    page = shown(None)
    assert re.findall(r'<label class="choice" for="(\w+)"', page) == [
        "id_channel_0",
        "id_channel_1",
        "id_offers",
    ]
