"""The WSGI application that granian serves.

Two workers load it at once. Somebody waits for the first of them: they load one after the other, each with the machine to itself.
"""

import fcntl
import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

from iindustry.config.environment import environment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iindustry.config.settings")  # noqa: TID251 - before Django reads it
with (environment().home / "web.lock").open("w") as turn:
    fcntl.flock(turn, fcntl.LOCK_EX)
    application = get_wsgi_application()
    import_module("iindustry.config.urls")  # every page's module: the first visitor need not wait for them
