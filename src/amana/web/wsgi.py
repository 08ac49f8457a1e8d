"""Django as WSGI: synchronous views that keep their database connection."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amana.web.settings")
application = get_wsgi_application()
