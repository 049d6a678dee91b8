"""The desktop's addresses."""

from django.urls import path

from guiyan.web import home

urlpatterns = [
    path("", home.dashboard, name="home"),
]
