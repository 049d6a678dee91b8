"""The addresses of the law workbench. None of them carries a fact about a person."""

from django.urls import path

from guiyan.web.law import topics, workbench

urlpatterns = [
    path("law/", topics.start, name="law"),
    path("law/ending/", workbench.ending, name="law_ending"),
    path("law/topics/<str:key>/", topics.topic, name="law_topic"),
]
