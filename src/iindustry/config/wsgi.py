"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iindustry.config.settings")  # noqa: TID251 - before Django reads it
application = get_wsgi_application()
