"""The gallery: every piece pages are made of, with made-up words. It exists only with AMANA_GALLERY, for designers."""

import datetime as dt
from collections.abc import Callable
from functools import wraps

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from amana.kernel import plots
from amana.kernel.text import Bilingual, Language, reader_language
from amana.web import charts
from amana.web.reading import Reader, home_country

MOMENT = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
DELIVERED = (4200, 5100, 4800, 6900, 7400, 6100, 8800, 9300, 9000, 12100, 11800, 14200)
ORDERS = (900, 1200, 1100, 1500, 1450, 1700, None, 2100, 2050, 2600, 2800, 3300)

View = Callable[[HttpRequest], HttpResponse]


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="الاسم · Name", max_length=120)
    email = forms.EmailField(
        label="البريد الإلكتروني · E-mail",
        help_text="لا نستخدمه إلا فيما توافق عليه. We use it only as you allow.",
        widget=forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "email"}),
    )
    city = forms.ChoiceField(label="المدينة · City", choices=[("", "—"), ("dxb", "دبي · Dubai")])
    channel = forms.ChoiceField(
        label="الوسيلة · Channel",
        choices=[("email", "البريد · E-mail"), ("sms", "رسائل نصية · SMS")],
        widget=forms.RadioSelect,
    )
    opinion = forms.CharField(
        label="الرأي · Opinion", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    offers = forms.BooleanField(
        label="أرغب في استلام العروض. Send me offers.",
        help_text="رسالتان أسبوعيًا بحد أقصى. Two a week at most.",
    )


def designers_only(view: View) -> View:
    """Answer 404 unless AMANA_GALLERY is set."""

    @wraps(view)
    def reached(request: HttpRequest) -> HttpResponse:
        if not getattr(settings, "AMANA_GALLERY", False):
            raise Http404
        return view(request)

    return reached


@require_safe
@designers_only
def pieces(request: HttpRequest) -> HttpResponse:
    """Show the pieces of customers' pages and the console's alike."""
    messages.success(request, _MESSAGES["success"].in_(reader_language()))
    messages.error(request, _MESSAGES["error"].in_(reader_language()))
    reader = Reader(reader_language(), home_country())
    words = {
        "clean": SampleForm(prefix="clean"),
        "faulty": SampleForm({"faulty-email": "nora@"}, prefix="faulty"),
        "moment": MOMENT,
        "faces": range(1, 6),
        "line_chart": charts.lines(_chart(reader.language, both=True), reader=reader),
        "bar_chart": charts.bars(_chart(reader.language, both=False), reader=reader),
    }
    return render(request, "web/gallery.html", words)


def _chart(language: Language, *, both: bool) -> plots.Chart:
    delivered = plots.Series(_DELIVERED.in_(language), DELIVERED)
    return plots.Chart(
        title=_TITLE.in_(language),
        summary=_SUMMARY.in_(language),
        unit=_UNIT.in_(language),
        labels=tuple(f"{number}/11" for number in range(11, 23)),
        series=(delivered, plots.Series(_ORDERS.in_(language), ORDERS)) if both else (delivered,),
    )


_DELIVERED = Bilingual(ar="رسائل مسلّمة", en="Messages delivered")
_ORDERS = Bilingual(ar="طلبات شراء", en="Orders")
_TITLE = Bilingual(ar="الرسائل المسلّمة والمبيعات", en="Messages delivered and sales")
_SUMMARY = Bilingual(
    ar="تضاعفت الرسائل المسلّمة ثلاث مرات خلال اثني عشر يومًا.",
    en="Messages delivered tripled within twelve days.",
)
_UNIT = Bilingual(ar="العدد في اليوم", en="Number a day")
_MESSAGES = {
    "success": Bilingual(ar="حُفظت التغييرات.", en="The changes are saved."),
    "error": Bilingual(ar="تعذّر الإرسال. لم يصل شيء إلى أحد.", en="Not sent. Nothing has reached anybody."),
}
