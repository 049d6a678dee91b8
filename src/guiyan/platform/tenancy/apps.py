"""The directory of tenants; its tables lie in the public schema."""

from django.apps import AppConfig


class TenancyConfig(AppConfig):
    name = "guiyan.platform.tenancy"
    label = "tenancy"
    default_auto_field = "django.db.models.BigAutoField"
