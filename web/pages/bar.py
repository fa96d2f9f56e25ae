"""The living part of the bar: open alarms and the room's clock. Rule: an alarm that is silent is not loud."""

from __future__ import annotations

from typing import Any

from flask import render_template

from controller.core.words import SILENT
from web.desk import room
from web.feed.alarm_names import alarm_name
from web.i18n import translated
from web.now.alarms import gravest
from web.page import ANYBODY, Page

page = Page("bar", __name__)


@page.route("/bar", roles=ANYBODY, machine=True)
def alarms() -> str:
    """How many alarms are open, how many sound, and the one that comes first on Now, by the same name."""
    view = room()
    found: list[dict[str, Any]] = view.get("alarms", [])
    untaken = [one for one in found if not one.get("taken_by")]
    loud = [one for one in untaken if one["alarm"] not in SILENT]
    first = gravest(loud)
    return render_template(
        "bar.html",
        count=len(found),
        untaken=len(loud),
        loud=len(loud),
        clock=view.get("clock"),
        wall_ms=view.get("wall_ms", ""),
        newest=first,
        name=alarm_name(first["alarm"], translated) if first else "",
    )
