"""The pages of whoever is signed in: what stands, which browsers are linked, the way back. They name nobody."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amana.customers import centre, receipt, returning, sessions
from amana.customers.sessions import SignedInRequest

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def me(request: SignedInRequest) -> HttpResponse:
    """Show what stands for the signed-in customer, and do what its switches ask."""
    if request.method == "POST":
        query = request.GET.copy()
        query["done"] = centre.switch(request.mine.own, request.POST)
        return HttpResponseRedirect(f"{reverse('me')}?{query.urlencode()}", status=303)
    asking = returning.asked(request.GET)
    if not asking.back:
        asking = returning.Asking(returning.home())
    page = {
        **centre.page(request.mine.own, done=request.GET.get("done", "")),
        "asking": asking,
        "receipt": reverse("me-receipt"),
        "signed": True,
    }
    return returning.permit(render(request, "customers/me.html", page), asking)


@require_POST
def back(request: SignedInRequest) -> HttpResponse:
    """Lead back to the website, with a word for its tag that links this browser."""
    address = returning.leading(
        returning.asked(request.POST),
        customer=request.mine.customer,
        includes_before=request.POST.get("before") == "on",
    )
    return HttpResponseRedirect(address or reverse("me"), status=303)


@require_POST
def leave(request: SignedInRequest) -> HttpResponse:
    """Sign out."""
    sessions.end(request)
    response = HttpResponseRedirect(f"{reverse('sign-in')}?out=1", status=303)
    sessions.take(response)
    return response


@require_safe
def own_receipt(request: SignedInRequest) -> HttpResponse:
    """Show the receipt of what the signed-in customer decided."""
    return receipt.sheet_page(request, request.mine.own, download=reverse("me-receipt-jws"))


@require_safe
def own_receipt_download(request: SignedInRequest) -> HttpResponse:
    """Hand over the signed receipt."""
    answer: HttpResponse = receipt.download(request, request.mine.own)
    return answer
