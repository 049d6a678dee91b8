"""The addresses of what waits for the person at the desk."""

from django.urls import path

from guiyan.web.inbox import away, messages, tasks

urlpatterns = [
    path("inbox/", tasks.index, name="inbox"),
    path("inbox/task/<uuid:task_id>/", tasks.show, name="task"),
    path("inbox/task/<uuid:task_id>/hand-over/", tasks.hand_over, name="task_hand_over"),
    path("inbox/task/<uuid:task_id>/do/<slug:what>/", tasks.hand, name="task_hand"),
    path("inbox/copy/<uuid:instance_id>/", tasks.open_copy, name="copy_open"),
    path("inbox/away/", away.index, name="away"),
    path("inbox/away/<uuid:delegation_id>/end/", away.end, name="away_end"),
    path("messages/", messages.index, name="messages"),
    path("messages/<uuid:message_id>/", messages.show, name="message"),
]
