"""The phone's addresses, below /m/."""

from django.urls import path

from guiyan.mobile import addresses, cases, home, messages, profile, resigning, submitting, tasks, withdrawing

urlpatterns = [
    path("", home.index, name="m_home"),
    path("messages/", messages.index, name="m_messages"),
    path("messages/<uuid:message_id>/", messages.show, name="m_message"),
    path("me/", profile.index, name="m_profile"),
    path("me/value/<slug:kind>/", profile.reveal, name="m_reveal"),
    path("me/address/<uuid:address_id>/", profile.reveal_address, name="m_reveal_address"),
    path("addresses/", addresses.index, name="m_addresses"),
    path("tasks/<uuid:task_id>/", tasks.show, name="m_task"),
    path("tasks/<uuid:task_id>/comment/", tasks.comment, name="m_task_comment"),
    path("resign/", resigning.start, name="m_resign"),
    path("resign/paper/", resigning.paper, name="m_resign_paper"),
    path("resign/form/", submitting.agreement, name="m_resign_form"),
    path("resign/letter/", resigning.letter, name="m_resign_letter"),
    path("resign/letter/hint/", resigning.hint, name="m_resign_hint"),
    path("resign/preview/", submitting.preview, name="m_resign_preview"),
    path("resign/preview/<int:number>.png", submitting.page_image, name="m_resign_page"),
    path("resign/preview/draft.pdf", submitting.pdf, name="m_resign_pdf"),
    path("resign/sign/", submitting.sign, name="m_resign_sign"),
    path("cases/<uuid:case_id>/", cases.show, name="m_case"),
    path("cases/<uuid:case_id>/receipt/", cases.receipt, name="m_receipt"),
    path("cases/<uuid:case_id>/file/<uuid:file_id>/", cases.file, name="m_file"),
    path("cases/<uuid:case_id>/intake/<uuid:intake_id>/", cases.answer_intake, name="m_intake"),
    path("cases/<uuid:case_id>/meaning/", cases.meaning, name="m_meaning"),
    path("cases/<uuid:case_id>/withdraw/", withdrawing.start, name="m_withdraw"),
    path("cases/<uuid:case_id>/withdraw/preview/", withdrawing.preview, name="m_withdraw_preview"),
    path("cases/<uuid:case_id>/withdraw/preview/<int:number>.png", withdrawing.page_image, name="m_withdraw_page"),
    path("cases/<uuid:case_id>/withdraw/preview/draft.pdf", withdrawing.pdf, name="m_withdraw_pdf"),
    path("cases/<uuid:case_id>/withdraw/sign/", withdrawing.sign, name="m_withdraw_sign"),
    path("cases/<uuid:case_id>/withdraw/receipt/", cases.withdrawal_receipt, name="m_withdraw_receipt"),
]
