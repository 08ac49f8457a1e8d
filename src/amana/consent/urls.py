"""Where the receipts' public key is. It is for machines and carries no language."""

from django.urls import URLPattern, path

from amana.consent import public

PUBLIC_API: list[URLPattern] = [path(".well-known/jwks.json", public.jwks, name="jwks")]
API = PUBLIC_API
