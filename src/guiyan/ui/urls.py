"""Addresses of the design system: the live style guide and its phone pages."""

from django.urls import path

from guiyan.ui import views

app_name = "ui"
urlpatterns = [
    path("", views.style_guide, name="guide"),
    path("desktop/", views.desktop, name="desktop"),
    path("phone/<slug:page>/", views.phone, name="phone"),
    path("sample.bpmn", views.sample_diagram, name="sample_diagram"),
    path("reveal/", views.reveal, name="reveal"),
]
