"""What a task counts back from its last day stands in its deadline as that rule, and no longer as a day found once."""

from datetime import datetime, time, timedelta, timezone

from django.db import migrations

SHANGHAI = timezone(timedelta(hours=8))


def hand_over(apps, _editor):
    """Give each open deadline of such a task its rule. The day it has stays: it is what the rule yields now."""
    tasks = apps.get_model("process", "Task").objects.filter(state="open", due_days__lte=0).select_related("instance")
    deadlines = apps.get_model("platform", "Deadline").objects.filter(
        owner_kind="process.task", purpose="due", state="open"
    )
    for task in tasks.iterator(chunk_size=500):
        start = task.instance.arrival if task.due_anchor == "arrival" else task.opened_at
        if task.due_anchor == "last_day":
            day = task.instance.last_day
            start = datetime.combine(day, time(), SHANGHAI) if day else None
        if start is not None:
            deadlines.filter(owner_id=task.pk).update(
                unit="working_days" if task.due_working else "calendar_days",
                count=task.due_days,
                started_at=start,
                not_before=task.opened_at.astimezone(SHANGHAI).date(),
            )


class Migration(migrations.Migration):
    dependencies = [
        ("platform", "0002_counted_back"),
        ("process", "0002_candidate_order"),
    ]

    operations = [
        migrations.RunPython(hand_over, migrations.RunPython.noop),
        migrations.RemoveField(model_name="task", name="due_provisional"),
    ]
