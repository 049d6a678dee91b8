"""Which address leads to which room."""

from django.urls import include, path

from guiyan.web import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("ui/", include("guiyan.ui.urls")),
    path("m/", include("guiyan.mobile.urls")),
    path("", include("guiyan.web.urls")),
]

handler400 = "guiyan.web.problems.bad_request"
handler403 = "guiyan.web.problems.forbidden"
handler404 = "guiyan.web.problems.not_found"
handler500 = "guiyan.web.problems.server_error"
