"""The phone's addresses, below /m/."""

from django.urls import path

from guiyan.mobile import addresses, home, messages, profile, resigning

urlpatterns = [
    path("", home.index, name="m_home"),
    path("messages/", messages.index, name="m_messages"),
    path("messages/<uuid:message_id>/", messages.show, name="m_message"),
    path("me/", profile.index, name="m_profile"),
    path("me/value/<slug:kind>/", profile.reveal, name="m_reveal"),
    path("me/address/<uuid:address_id>/", profile.reveal_address, name="m_reveal_address"),
    path("addresses/", addresses.index, name="m_addresses"),
    path("resign/", resigning.start, name="m_resign"),
    path("resign/paper/", resigning.paper, name="m_resign_paper"),
    path("resign/form/", resigning.letter, name="m_resign_form"),
    path("resign/letter/", resigning.letter, name="m_resign_letter"),
    path("resign/letter/hint/", resigning.hint, name="m_resign_hint"),
    path("resign/preview/", resigning.letter, name="m_resign_preview"),
]
