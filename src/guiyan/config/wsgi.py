"""The web application."""

import os

from django.core.wsgi import get_wsgi_application

from guiyan.platform import logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guiyan.config.settings")
logs.configure()
application = get_wsgi_application()
