"""Carry what was said over to where it now stands; nothing said is lost or made up."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations


def carry_over(apps: Apps, _editor: Any) -> None:
    """Words for the pain go to its places, a first time to `episodes`, calls to their check-in.

    That somebody had pain before says nothing about how often, so that stays open.
    """

    def rows(model: str) -> Any:
        return apps.get_model("understand", model)._default_manager

    rows("CheckIn").filter(first_ever=True).update(episodes="first")
    for checkin in rows("CheckIn").exclude(feels_like=[]).iterator():
        checkin.marks.update(qualities=checkin.feels_like)
    for call in rows("CallBack").select_related("stop").iterator():
        call.checkin_id = call.stop.checkin_id
        call.save(update_fields=["checkin"])
    for clearance in rows("Clearance").select_related("stop").iterator():
        newest = rows("CheckIn").filter(client=clearance.client_id).order_by("-started_at").first()
        clearance.checkin = clearance.stop.checkin if clearance.stop else newest
        clearance.save(update_fields=["checkin"])


class Migration(migrations.Migration):
    dependencies = [("understand", "0002_deeper_checkin")]

    operations = [migrations.RunPython(carry_over, migrations.RunPython.noop)]
