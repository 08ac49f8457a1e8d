"""The room's pages as the web mounts them."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from amana.post.urls import PUBLIC

urlpatterns = i18n_patterns(path("", include(PUBLIC)))
