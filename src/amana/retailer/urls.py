"""Where the retailer's pages are."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from amana.retailer import console, factor_pages, public

PUBLIC = [
    path("console/sign-in", public.sign_in, name="staff-sign-in"),
    path("console/sign-out", public.sign_out, name="staff-sign-out"),
    path("console/password", public.change_password, name="staff-password"),
    path("console/second-factor", factor_pages.second_factor, name="staff-second-factor"),
    path("console/second-factor/begin", factor_pages.begin, name="staff-factor-begin"),
    path("console/second-factor/set-up", factor_pages.set_up, name="staff-factor-setup"),
    path("console/second-factor/codes", factor_pages.renew_codes, name="staff-factor-codes"),
    path("console/second-factor/remove", factor_pages.remove, name="staff-factor-remove"),
]

CONSOLE = [
    path("staff", console.staff_list, name="staff-list"),
    path("staff/new", console.add_staff, name="staff-add"),
    path("staff/<int:number>", console.staff_member, name="staff-member"),
    path("staff/<int:number>/details", console.save_details, name="staff-details"),
    path("staff/<int:number>/roles", console.save_roles, name="staff-roles"),
    path("staff/<int:number>/deactivate", console.deactivate, name="staff-deactivate"),
    path("staff/<int:number>/reactivate", console.reactivate, name="staff-reactivate"),
    path("staff/<int:number>/sessions", console.close_sessions, name="staff-close-sessions"),
    path("staff/<int:number>/password", console.reset_password, name="staff-reset-password"),
    path("staff/<int:number>/second-factor", console.drop_factor, name="staff-drop-factor"),
    path("shops", console.shop_list, name="shop-list"),
]

# Name of the page, label, icon of the sprite. Who sees an entry follows from the page's own roles.
CONSOLE_MENU = [
    ("shop-list", _("Shops"), "shop"),
    ("staff-list", _("Staff"), "people"),
]
