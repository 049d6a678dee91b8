"""The addresses of the law workbench. None of them carries a fact about a person."""

from django.urls import path

from guiyan.web.law import evidence, findings, impact, instruments, notes, parameters, reviewed, topics, workbench

urlpatterns = [
    path("law/", topics.start, name="law"),
    path("law/ending/", workbench.ending, name="law_ending"),
    path("law/evidence/", evidence.grounds, name="law_grounds"),
    path("law/evidence/<slug:slug>/", evidence.evidence, name="law_evidence"),
    path("law/instruments/", instruments.index, name="law_instruments"),
    path("law/cases/", reviewed.index, name="law_cases"),
    path("law/cases/<slug:part>/<slug:subject>/", reviewed.subject, name="law_case"),
    path("law/topics/<str:key>/", topics.topic, name="law_topic"),
    path("law/notes/", notes.mine, name="law_notes"),
    path("law/notes/<uuid:note_id>/", notes.show, name="law_note"),
    path("law/notes/<uuid:note_id>/json/", notes.download, name="law_note_json"),
    path("law/findings/<uuid:finding_id>/", findings.one, name="law_finding"),
    path("law/findings/<uuid:finding_id>/accept/", findings.accept, name="law_finding_accept"),
    path("law/kept/person/<uuid:person_id>/", notes.of_person, name="law_kept_person"),
    path("law/kept/case/<uuid:case_id>/", notes.of_case, name="law_kept_case"),
    path("law/parameters/", parameters.index, name="law_parameters"),
    path("law/parameters/new/", parameters.new, name="law_parameter_new"),
    path("law/parameters/<uuid:own_id>/", parameters.one, name="law_parameter"),
    path("law/parameters/<uuid:own_id>/check/", parameters.check, name="law_parameter_check"),
    path("law/parameters/<uuid:own_id>/withdraw/", parameters.withdraw, name="law_parameter_withdraw"),
    path("law/impact/", impact.index, name="law_impact"),
    path("law/impact/start/", impact.start, name="law_impact_start"),
    path("law/impact/<uuid:run_id>/", impact.one, name="law_impact_run"),
    path("law/impact/<uuid:run_id>/export/", impact.export, name="law_impact_export"),
]
