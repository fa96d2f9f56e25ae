"""The room as it is now: plan, state, alarms, feed, and each place. Rule: shows; what changes is asked.

Everything that lives is one part of the page, fetched anew as the log grows; nobody types anything in it.
"""

from __future__ import annotations

from secrets import token_urlsafe
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from controller.core.console_roles import ConsoleRole
from controller.errors import IronroomError
from web.desk import Refused, ask, me, room
from web.feed.row import Row
from web.i18n import _
from web.now.alarms import cards, counted
from web.now.feed import lines, watched
from web.now.floor import drawn
from web.now.page import DESK, keeps, page, watches, way
from web.now.places import Place, latest, place_of, rooms
from web.now.signs import signs
from web.page import ANYBODY, EVERYDAY
from web.pages import now_alarms, now_shift
from web.toasts import toast

__all__ = ["page"]
ROUTES = (now_alarms, now_shift)
"""Modules with more routes of this page."""


@page.route("/", roles=ANYBODY)
def home() -> ResponseReturnValue:
    """Where everybody begins; who puts in devices keeps no custody."""
    everyday = me().has(*(role.value for role in EVERYDAY))
    return redirect(url_for("now.index" if everyday else "account.index"), 303)


@page.route("/now", roles=EVERYDAY)
def index() -> str:
    """Plan, alarms and feed."""
    return render_template("now.html", **_live())


@page.route("/now/live", roles=EVERYDAY)
def live() -> str:
    """What lives of it."""
    return render_template("now_live.html", **_live())


@page.route("/now/room/<name>", roles=EVERYDAY)
def place(name: str) -> str:
    """One room, or a thing that is in none."""
    return render_template("now_place.html", name=name, at=request.args.get("at", ""), **_place(name))


@page.route("/now/room/<name>/live", roles=EVERYDAY)
def place_live(name: str) -> str:
    """What lives of a place."""
    return render_template("now_place_live.html", name=name, at=request.args.get("at", ""), **_place(name))


@page.route("/now/lockdown", roles=DESK)
def lockdown() -> str:
    """Before everything is locked."""
    return render_template("now_lockdown.html", view=room(), key=token_urlsafe(12), reason="", wrong="")


@page.route("/now/lockdown", roles=DESK, endpoint="lock_down", methods=["POST"])
def lock_down() -> ResponseReturnValue:
    """Lock everything; ways out stay free."""
    reason = request.form.get("reason", "").strip()
    try:
        ask("lockdown", key=request.form.get("key", ""), reason=reason)
    except Refused as refused:
        told: dict[str, Any] = {
            "view": room(),
            "key": token_urlsafe(12),
            "reason": reason,
            "wrong": refused.need,
        }
        return render_template("now_lockdown.html", **told), 409
    return toast(redirect(url_for("now.index"), 303), _("Locked down. Ways out stay free."), "warn")


def _live() -> dict[str, Any]:
    view, quiet = room(), request.args.get("quiet") == "1"
    feed, readable = _feed(quiet=quiet) if watches() else ([], True)
    found = cards(view)
    loud = [at for at, card in enumerate(found, 1) if card.can_take and not card.silent]
    return {
        "view": view,
        "signs": signs(view),
        "cards": found,
        "first_untaken": next(iter(loud), 0),
        "sum": counted(found),
        "plan": drawn(view),
        "rooms": rooms(view),
        "feed": feed,
        "readable": readable,
        "quiet": quiet,
        "watches": watches(),
        "keeps": keeps(),
        "key": token_urlsafe(12),
    }


def _feed(*, quiet: bool) -> tuple[list[Row], bool]:
    """The feed, and whether the log can be read: plan and alarms do not wait for it."""
    try:
        return lines(quiet=quiet), True
    except IronroomError:
        return [], False


def _place(name: str) -> dict[str, Any]:
    view = room()
    found = place_of(view, name)
    if found is None:
        abort(404)
    return {
        "place": found,
        "view": view,
        "watches": watches(),
        "last": _latest(found),
        "release": _release(found),
    }


def _latest(found: Place) -> list[Row]:
    if not watches():
        return []
    try:
        watched()
        return latest(found)
    except IronroomError:
        return []


def _release(found: Place) -> list[tuple[str, str]]:
    """Doors that this person may ask to be released, and where."""
    if not me().has(ConsoleRole.CHIEF.value) or not way("commands.order", name="release_door"):
        return []
    return [(door, way("commands.order", name="release_door", door=door)) for door in found.release]
