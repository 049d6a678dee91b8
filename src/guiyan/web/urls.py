"""The desktop's addresses."""

from django.urls import include, path

from guiyan.web import accounts, calendar, dashboards, ledger, organisation, rights
from guiyan.web.importing import loading, review, upload
from guiyan.web.people import acts, hire, listing, profile, revealing

urlpatterns = [
    path("", dashboards.home, name="home"),
    path("me/", profile.mine, name="my_profile"),
    path("people/", listing.index, name="people"),
    path("people/export/", listing.export, name="people_export"),
    path("people/views/", listing.save_view, name="people_view_save"),
    path("people/views/<uuid:view_id>/delete/", listing.delete_view, name="people_view_delete"),
    path("people/suggest/", listing.suggest, name="people_suggest"),
    path("people/new/", hire.hire, name="hire"),
    path("people/<uuid:person_id>/", profile.overview, name="person"),
    path("people/<uuid:person_id>/employment/", profile.employment, name="person_employment"),
    path("people/<uuid:person_id>/personal/", profile.personal, name="person_personal"),
    path("people/<uuid:person_id>/reveal/<slug:kind>/", revealing.reveal, name="person_reveal"),
    path(
        "people/<uuid:person_id>/reveal-address/<uuid:address_id>/",
        revealing.reveal_address,
        name="person_reveal_address",
    ),
    path(
        "people/<uuid:person_id>/reveal-wage/<uuid:spell_id>/<slug:day>/",
        revealing.reveal_wage,
        name="person_reveal_wage",
    ),
    path("people/<uuid:person_id>/act/<slug:key>/", acts.act, name="person_act"),
    path("people/import/", upload.index, name="imports"),
    path("people/import/<uuid:draft_id>/", review.show, name="import_draft"),
    path("people/import/<uuid:draft_id>/answer/", review.answer, name="import_answer"),
    path("people/import/<uuid:draft_id>/columns/save/", review.columns, name="import_columns"),
    path("people/import/<uuid:draft_id>/discard/", upload.discard, name="import_discard"),
    path("people/import/<uuid:draft_id>/load/", loading.load, name="import_load"),
    path("people/import/<uuid:draft_id>/progress/", loading.progress, name="import_progress"),
    path("people/import/<uuid:draft_id>/refused.xlsx", review.refused_rows, name="import_refused"),
    path("people/import/<uuid:draft_id>/report.xlsx", review.report, name="import_report"),
    path("people/import/<uuid:draft_id>/<slug:tab>/", review.show, name="import_tab"),
    path("people/import/batch/<uuid:batch_id>/", loading.batch, name="import_batch"),
    path("people/import/batch/<uuid:batch_id>/reverse/", loading.reverse_batch, name="import_reverse"),
    path("organisation/", organisation.tree, name="organisation"),
    path("organisation/new/<slug:key>/", organisation.change, name="organisation_new"),
    path("organisation/<uuid:unit_id>/<slug:key>/", organisation.change, name="organisation_unit"),
    path("admin/accounts/", accounts.index, name="accounts"),
    path("admin/accounts/new/", accounts.create, name="account_new"),
    path("admin/accounts/<uuid:user_id>/", accounts.detail, name="account"),
    path("admin/accounts/<uuid:user_id>/change/", accounts.change, name="account_change"),
    path("rights/", rights.role_table, name="role_table"),
    path("", include("guiyan.web.inbox.urls")),
    path("", include("guiyan.web.cases.urls")),
    path("", include("guiyan.web.law.urls")),
    path("ledger/", ledger.index, name="ledger"),
    path("ledger/export/", ledger.export, name="ledger_export"),
    path("refusals/", rights.refusals, name="refusals"),
    path("calendar/", calendar.year, name="calendar"),
    path("calendar/<int:number>/", calendar.year, name="calendar_year"),
    path("calendar/<int:number>/enter/", calendar.enter, name="calendar_enter"),
]
