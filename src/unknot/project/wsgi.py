"""The door for the web server."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import resolve

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "unknot.project.settings")
application = get_wsgi_application()
resolve("/")  # A worker reads all routes and their pages before it answers, not while it does.
