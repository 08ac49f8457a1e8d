"""Staff accounts, for administrators, and the shops, for everybody who works here."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amana.kernel import clock
from amana.kernel.refusal import Refusal
from amana.kernel.text import Language
from amana.retailer import STAFF_ROLES, actions, forms, queries, shown
from amana.retailer.guard import roles
from amana.retailer.queries import StaffMember, StaffSession

ADMINISTRATOR = "administrator"


class StaffRequest(HttpRequest):
    """A request that passed the console's guard."""

    staff: StaffSession


@never_cache
@require_safe
@roles(ADMINISTRATOR)
def staff_list(request: StaffRequest) -> HttpResponse:
    """List who works here."""
    shops = queries.shops(include_closed=True)
    rows = shown.staff_rows(
        queries.staff(session=request.staff.token),
        shops=shops,
        roles={role.name: role.label for role in queries.roles()},
        now=clock.now(),
        country=shops[0].country if shops else "AE",
    )
    return render(request, "retailer/staff_list.html", {"rows": rows})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@roles(ADMINISTRATOR)
def add_staff(request: StaffRequest) -> HttpResponse:
    """Add somebody and show, once, the password to hand over."""
    form = forms.AddStaffForm(request.POST or None, **_choices())
    status = 400 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            password = actions.add_staff(
                session=request.staff.token, email=form.cleaned_data["email"], name=form.name,
                language=form.chosen_language, roles=form.chosen_roles, shops=form.chosen_shops,
            )  # fmt: skip
            return _hand_over(request, form.name.in_(shown.reader_language()), password)
        except Refusal as refusal:
            status = shown.explain(form, refusal)
    return render(request, "retailer/staff_add.html", {"form": form}, status=status)


@never_cache
@require_safe
@roles(ADMINISTRATOR)
def staff_member(request: StaffRequest, number: int) -> HttpResponse:
    """Show one account with everything that may be changed about it."""
    member = queries.get_staff(number, session=request.staff.token)
    return _member_page(request, member)


@never_cache
@require_POST
@roles(ADMINISTRATOR)
def save_details(request: StaffRequest, number: int) -> HttpResponse:
    """Correct somebody's name or language."""
    member = queries.get_staff(number, session=request.staff.token)
    form = forms.DetailsForm(request.POST)
    if not form.is_valid():
        return _member_page(request, member, details=form, status=400)
    actions.rename_staff(
        session=request.staff.token, staff=number, name=form.name, language=form.chosen_language
    )
    return _saved(request, number)


@never_cache
@require_POST
@roles(ADMINISTRATOR)
def save_roles(request: StaffRequest, number: int) -> HttpResponse:
    """Replace somebody's roles."""
    member = queries.get_staff(number, session=request.staff.token)
    form = forms.RolesForm(request.POST, **_choices())
    if not form.is_valid():
        return _member_page(request, member, roles_form=form, status=400)
    try:
        actions.set_roles(
            session=request.staff.token, staff=number, roles=form.chosen_roles, shops=form.chosen_shops
        )
    except Refusal as refusal:
        return _member_page(request, member, roles_form=form, status=shown.explain(form, refusal))
    return _saved(request, number)


@never_cache
@require_POST
@roles(ADMINISTRATOR)
def deactivate(request: StaffRequest, number: int) -> HttpResponse:
    """Close an account."""
    member = queries.get_staff(number, session=request.staff.token)
    actions.deactivate_staff(session=request.staff.token, staff=member.id)
    return _saved(request, number)


@never_cache
@require_POST
@roles(ADMINISTRATOR)
def reactivate(request: StaffRequest, number: int) -> HttpResponse:
    """Open a closed account again."""
    member = queries.get_staff(number, session=request.staff.token)
    actions.reactivate_staff(session=request.staff.token, staff=member.id)
    return _saved(request, number)


@never_cache
@require_POST
@roles(ADMINISTRATOR)
def close_sessions(request: StaffRequest, number: int) -> HttpResponse:
    """End every session of somebody."""
    member = queries.get_staff(number, session=request.staff.token)
    actions.close_sessions(session=request.staff.token, staff=member.id)
    return _saved(request, number)


@never_cache
@require_POST
@roles(ADMINISTRATOR)
def reset_password(request: StaffRequest, number: int) -> HttpResponse:
    """Replace a lost password and show, once, the new one to hand over."""
    member = queries.get_staff(number, session=request.staff.token)
    password = actions.reset_password(session=request.staff.token, staff=member.id)
    return _hand_over(request, member.name.in_(shown.reader_language()), password)


@never_cache
@require_safe
@roles(*STAFF_ROLES)
def shop_list(request: StaffRequest) -> HttpResponse:
    """Show the shops by region; people limited to shops see theirs."""
    mine = request.staff.shops
    shops = [shop for shop in queries.shops(include_closed=True) if mine is None or shop.id in mine]
    return render(request, "retailer/shop_list.html", {"regions": shown.region_cards(shops)})


def _member_page(
    request: StaffRequest, member: StaffMember, *, details: forms.DetailsForm | None = None,
    roles_form: forms.RolesForm | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = {
        "member": member,
        "name": member.name.in_(shown.reader_language()),
        "own": member.id == request.staff.staff,
        "details": details or forms.DetailsForm(initial=forms.details_of(member)),
        "roles_form": roles_form or forms.RolesForm(initial=forms.roles_of(member), **_choices()),
    }
    return render(request, "retailer/staff_member.html", context, status=status)


def _hand_over(request: StaffRequest, name: str, password: str) -> HttpResponse:
    # Shown in the answer to the POST and nowhere else: it is kept by nobody, so it cannot be shown again.
    return render(request, "retailer/hand_over.html", {"name": name, "password": password})


def _saved(request: StaffRequest, number: int) -> HttpResponse:
    messages.success(request, gettext("Saved."))
    return HttpResponseRedirect(reverse("staff-member", args=[number]))


def _choices() -> dict[str, forms.Choices]:
    language = shown.reader_language()
    return {
        "role_choices": [(role.name, _role_label(role, language)) for role in queries.roles()],
        "shop_choices": [(str(shop.id), shop.name.in_(language)) for shop in queries.shops()],
    }


def _role_label(role: queries.Role, language: Language) -> str:
    return f"{role.label.in_(language)}: {role.does.in_(language)}"
