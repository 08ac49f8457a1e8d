"""Staff accounts, for administrators, and the shops, for everybody who works here."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amana.kernel import clock
from amana.kernel.text import Language, reader_language
from amana.retailer import STAFF_ROLES, actions, factors, forms, queries, shown
from amana.retailer.guard import StaffRequest, roles

ADMINISTRATOR = "administrator"
Change = Callable[..., object]


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
        factors=factors.standings(session=request.staff.token),
        now=clock.now(),
        country=queries.home_country(),
    )
    return render(request, "retailer/staff_list.html", {"rows": rows})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@roles(ADMINISTRATOR)
def add_staff(request: StaffRequest) -> HttpResponse:
    """Add somebody and show, once, the password to hand over."""
    form = forms.AddStaffForm(request.POST or None, **_choices())

    def add() -> HttpResponse:
        password = actions.add_staff(
            session=request.staff.token, email=form.cleaned_data["email"], name=form.name,
            language=form.chosen_language, roles=form.chosen_roles, shops=form.chosen_shops,
        )  # fmt: skip
        return _hand_over(request, form.name.in_(reader_language()), password)

    done, status = shown.tried(request, form, add)
    return done or render(request, "retailer/staff_add.html", {"form": form}, status=status)


@never_cache
@require_safe
@roles(ADMINISTRATOR)
def staff_member(request: StaffRequest, number: int) -> HttpResponse:
    """Show one account with everything that may be changed about it."""
    return _member_page(request, number)


@never_cache
@require_POST
@roles(ADMINISTRATOR)
def save_details(request: StaffRequest, number: int) -> HttpResponse:
    """Correct somebody's name or language."""
    form = forms.DetailsForm(request.POST)
    done, status = shown.tried(
        request,
        form,
        lambda: _changed(
            request, number, actions.rename_staff, name=form.name, language=form.chosen_language
        ),
    )
    return done or _member_page(request, number, details=form, status=status)


@never_cache
@require_POST
@roles(ADMINISTRATOR)
def save_roles(request: StaffRequest, number: int) -> HttpResponse:
    """Replace somebody's roles."""
    form = forms.RolesForm(request.POST, **_choices())
    done, status = shown.tried(
        request,
        form,
        lambda: _changed(
            request, number, actions.set_roles, roles=form.chosen_roles, shops=form.chosen_shops
        ),
    )
    return done or _member_page(request, number, roles_form=form, status=status)


def _button(change: Change) -> Callable[[StaffRequest, int], HttpResponse]:
    """Make the page behind a button that changes one account and needs nothing typed."""

    @never_cache
    @require_POST
    @roles(ADMINISTRATOR)
    def pressed(request: StaffRequest, number: int) -> HttpResponse:
        return _changed(request, number, change)

    return pressed


deactivate = _button(actions.deactivate_staff)
reactivate = _button(actions.reactivate_staff)
close_sessions = _button(actions.close_sessions)
drop_factor = _button(factors.drop)


@never_cache
@require_POST
@roles(ADMINISTRATOR)
def reset_password(request: StaffRequest, number: int) -> HttpResponse:
    """Replace a lost password and show, once, the new one to hand over."""
    member = queries.get_staff(number, session=request.staff.token)
    password = actions.reset_password(session=request.staff.token, staff=member.id)
    return _hand_over(request, member.name.in_(reader_language()), password)


@never_cache
@require_safe
@roles(*STAFF_ROLES)
def shop_list(request: StaffRequest) -> HttpResponse:
    """Show the shops by region; people limited to shops see theirs."""
    mine = request.staff.shops
    shops = [shop for shop in queries.shops(include_closed=True) if mine is None or shop.id in mine]
    return render(request, "retailer/shop_list.html", {"regions": shown.region_cards(shops)})


def _member_page(
    request: StaffRequest, number: int, *, details: forms.DetailsForm | None = None,
    roles_form: forms.RolesForm | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    member = queries.get_staff(number, session=request.staff.token)
    context = {
        "factor": factors.standings(session=request.staff.token)[number],
        "member": member,
        "name": member.name.in_(reader_language()),
        "own": member.id == request.staff.staff,
        "details": details or forms.DetailsForm(initial=forms.details_of(member)),
        "roles_form": roles_form or forms.RolesForm(initial=forms.roles_of(member), **_choices()),
    }
    return render(request, "retailer/staff_member.html", context, status=status)


def _hand_over(request: StaffRequest, name: str, password: str) -> HttpResponse:
    # Shown in the answer to the POST and nowhere else: it is kept by nobody, so it cannot be shown again.
    return render(request, "retailer/hand_over.html", {"name": name, "password": password})


def _changed(request: StaffRequest, number: int, change: Change, **words: object) -> HttpResponse:
    # Also for a number that no account could have.
    member = queries.get_staff(number, session=request.staff.token)
    change(session=request.staff.token, staff=member.id, **words)
    messages.success(request, gettext("Saved."))
    return HttpResponseRedirect(reverse("staff-member", args=[number]))


def _choices() -> dict[str, forms.Choices]:
    language = reader_language()
    return {
        "role_choices": [(role.name, _role_label(role, language)) for role in queries.roles()],
        "shop_choices": [(str(shop.id), shop.name.in_(language)) for shop in queries.shops()],
    }


def _role_label(role: queries.Role, language: Language) -> str:
    return f"{role.label.in_(language)}: {role.does.in_(language)}"
