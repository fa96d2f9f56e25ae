"""Visits that wait for somebody, told beside the menu and on Now. Rule: numbers, no names."""

from __future__ import annotations

from flask import render_template

from web.desk import me, room
from web.page import EVERYDAY
from web.pages import visitors_eyes
from web.visits.waiting import waiting

page = visitors_eyes.page
"""With the routes of visitors.py, visitors_deeds.py and visitors_eyes.py."""


@page.route("/visitors/count", roles=EVERYDAY)
def count() -> str:
    """How many visits wait for this person: for the navigation."""
    return render_template("visitors_count.html", count=waiting(room(), me()).count)


@page.route("/visitors/waiting", roles=EVERYDAY)
def told() -> str:
    """What waits for this person, in a line."""
    return render_template("visitors_waiting.html", waiting=waiting(room(), me()))
