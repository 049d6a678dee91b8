"""The desktop's addresses."""

from django.urls import path

from guiyan.web import accounts, calendar, home, rights

urlpatterns = [
    path("", home.dashboard, name="home"),
    path("admin/accounts/", accounts.index, name="accounts"),
    path("admin/accounts/new/", accounts.create, name="account_new"),
    path("admin/accounts/<uuid:user_id>/", accounts.detail, name="account"),
    path("admin/accounts/<uuid:user_id>/change/", accounts.change, name="account_change"),
    path("rights/", rights.role_table, name="role_table"),
    path("refusals/", rights.refusals, name="refusals"),
    path("calendar/", calendar.year, name="calendar"),
    path("calendar/<int:number>/", calendar.year, name="calendar_year"),
    path("calendar/<int:number>/enter/", calendar.enter, name="calendar_enter"),
]
