"""People: who is enrolled, what each may do, and what was written about them. Rule: shows."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from controller.core.console_roles import ROLES
from controller.errors import IronroomError
from web.desk import Refused, me, room, told
from web.i18n import _
from web.names import name
from web.pages import people_badges, people_change, people_leaving
from web.people.book import looked_up
from web.people.page import CHIEFS, READ, WATCH, page, somebody
from web.people.roster import STANDINGS, Person, Wanted, found, staff, standing, warnings, words_in
from web.people.words import compartments_words, doors_words, hours_words
from web.toasts import toast

__all__ = ["page"]
ROUTES = (people_badges, people_change, people_leaving)
"""Modules with more routes of this page."""
PER_PAGE = 40
FILTERS = ("words", "department", "post", "role", "standing")
LONGEST = 200


@page.route("/people", roles=WATCH)
def index() -> str:
    """Everybody who fits, a page at a time."""
    people = staff(room(), name)
    wanted = Wanted(*(request.args.get(one, "").strip()[:LONGEST] for one in FILTERS))
    fit = found(people, wanted)
    last = max(1, -(-len(fit) // PER_PAGE))
    number = min(max(request.args.get("page", 1, int), 1), last)
    return render_template(
        "people.html",
        shown=fit[(number - 1) * PER_PAGE : number * PER_PAGE],
        count=len(fit),
        everybody=len(people),
        wanted=wanted,
        number=number,
        last=last,
        departments=[("", _("any")), *((one, one) for one in words_in(people, "department"))],
        posts=[("", _("any")), *((one, one) for one in words_in(people, "posts"))],
        roles=[role for role in ROLES if role in words_in(people, "roles")],
        standings=[(one.value, word) for one, (_tone, word) in STANDINGS.items()],
        soon=_soon(people),
    )


@page.route("/people/<person>", roles=WATCH)
def one(person: str) -> str:
    """One person."""
    about = somebody(person)
    now = about.view["wall_ms"]
    how = standing(about.told, now)
    return render_template(
        "people_one.html",
        one=about,
        tone=STANDINGS[how][0],
        word=STANDINGS[how][1],
        warnings=warnings(about.told, now),
        may={
            "doors": doors_words(about.told.get("doors")),
            "compartments": compartments_words(about.told.get("compartments")),
            "hours": hours_words(about.told.get("hours", "")),
        },
        reads=me().has("chief", "auditor"),
        changes=me().has("chief") and not about.told.get("ended") and person != me().person,
        sessions=_sessions(person),
        offered=_offered(person),
        **people_badges.badges_of(about),
    )


@page.route("/people/<person>/book", roles=READ)
def book(person: str) -> str:
    """Personal data and what was written lately; the look is an Entry."""
    about = somebody(person)
    try:
        read = looked_up(person)
    except IronroomError as error:
        return render_template("people_book.html", one=about, book=None, why=str(error))
    return render_template("people_book.html", one=about, book=read, why="")


@page.route("/people/<person>/sign-out", roles=CHIEFS, methods=["POST"])
def end_session(person: str) -> ResponseReturnValue:
    """End one session of somebody."""
    onward = redirect(url_for("people.one", person=somebody(person).id), 303)
    try:
        told("end_session", id=request.form.get("session", ""))
    except Refused as refused:
        return toast(onward, refused.need, "warn")
    return toast(onward, _("Signed out there."))


def _soon(people: list[Person]) -> list[Person]:
    """Who needs somebody to do something: ends soon, or may not enter."""
    return [one for one in people if one.standing in {"soon", "held"}]


def _sessions(person: str) -> list[dict[str, Any]]:
    """Where somebody is signed in, as far as a chief may see it."""
    if not me().has("chief"):
        return []
    return [one for one in told("sessions")["sessions"] if one["person"] == person]


def _offered(person: str) -> list[dict[str, Any]]:
    """Passkeys of somebody that wait for two chiefs."""
    if not me().has("chief"):
        return []
    return [one for one in told("offered")["offered"] if one["person"] == person]
