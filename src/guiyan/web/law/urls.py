"""The addresses of the law workbench. None of them carries a fact about a person."""

from django.urls import path

from guiyan.web.law import evidence, instruments, reviewed, topics, workbench

urlpatterns = [
    path("law/", topics.start, name="law"),
    path("law/ending/", workbench.ending, name="law_ending"),
    path("law/evidence/", evidence.grounds, name="law_grounds"),
    path("law/evidence/<slug:slug>/", evidence.evidence, name="law_evidence"),
    path("law/instruments/", instruments.index, name="law_instruments"),
    path("law/cases/", reviewed.index, name="law_cases"),
    path("law/cases/<slug:part>/<slug:subject>/", reviewed.subject, name="law_case"),
    path("law/topics/<str:key>/", topics.topic, name="law_topic"),
]
