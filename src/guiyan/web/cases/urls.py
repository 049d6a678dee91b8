"""The addresses of cases."""

from django.urls import path

from guiyan.web.cases import acting, intake, listing, packs, page

urlpatterns = [
    path("cases/", listing.index, name="cases"),
    path("cases/export/", listing.export, name="case_list_export"),
    path("cases/views/", listing.save_view, name="case_view_save"),
    path("cases/views/<uuid:view_id>/delete/", listing.delete_view, name="case_view_delete"),
    path("cases/intake/", intake.resignation, name="case_intake"),
    path("cases/<uuid:case_id>/", page.show, name="case"),
    path("cases/<uuid:case_id>/flow/<uuid:instance_id>/", page.flow, name="case_flow"),
    path("cases/<uuid:case_id>/comments/", page.comments, name="case_comments"),
    path("cases/<uuid:case_id>/comment/", acting.comment, name="case_comment"),
    path("cases/<uuid:case_id>/act/<slug:key>/", acting.act, name="case_act"),
    path("cases/<uuid:case_id>/effect/<uuid:effect_id>/", acting.effect, name="case_effect"),
    path("cases/<uuid:case_id>/effect/<uuid:effect_id>/retry/", acting.retry_effect, name="case_effect_retry"),
    path("cases/<uuid:case_id>/file/<uuid:file_id>/", acting.file, name="case_file"),
    path("cases/<uuid:case_id>/pack/", packs.pack, name="case_pack"),
    path("cases/<uuid:case_id>/pack/<uuid:pack_id>/progress/", packs.progress, name="case_pack_progress"),
    path("cases/<uuid:case_id>/pack/<uuid:pack_id>/download/", packs.download, name="case_pack_download"),
]
