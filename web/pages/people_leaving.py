"""Leaving: all rights end at once, and what must come back is told, to be printed. R6.3."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from web.choices import person_words
from web.desk import me, told
from web.i18n import _
from web.people.leaving import ends
from web.people.page import CHIEFS, READ, page, somebody
from web.people.said import signed


@page.route("/people/<person>/leave", roles=CHIEFS)
def leave_form(person: str) -> str:
    """What will end."""
    about = somebody(person, here=True)
    sessions = [one for one in told("sessions")["sessions"] if one["person"] == person]
    return render_template(
        "people_leave.html",
        one=about,
        ends=ends(about.view, person),
        sessions=len(sessions),
        is_oneself=person == me().person,
    )


@page.route("/people/<person>/leave", roles=CHIEFS, endpoint="leave", methods=["POST"])
def leave(person: str) -> ResponseReturnValue:
    """Propose the end of all rights."""
    about = somebody(person, here=True)
    return signed(
        "end_person",
        _("End all rights and badges of %(person)s", person=person_words(about.id)),
        [],
        onward=url_for("people.back", person=about.id),
        done=_("All rights have ended. This is what must come back."),
        person=about.id,
    )


@page.route("/people/<person>/back", roles=READ)
def back(person: str) -> str:
    """What must come back, to be printed and ticked off."""
    about = somebody(person)
    return render_template("people_back.html", one=about, ends=ends(about.view, person))
