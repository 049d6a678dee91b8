"""The desktop edge."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "guiyan.web"
