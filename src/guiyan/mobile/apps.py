"""The phone edge: what employees do themselves, in WeChat, WeCom or any browser."""

from django.apps import AppConfig


class MobileConfig(AppConfig):
    name = "guiyan.mobile"
