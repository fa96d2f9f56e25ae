"""The choices of this seat: language, light, sound, single keys. Rule: a seat is no person."""

from __future__ import annotations

from flask import Response, make_response, redirect, render_template, request, url_for

from web.desk import room
from web.i18n import _
from web.page import ANYBODY, OPEN, Page
from web.seat import LANGUAGES, THEMES, choose
from web.toasts import toast
from web.tokens import is_local

page = Page("seat", __name__)
REACHED = ("chief", "installer", "guard")


@page.route("/seat", roles=ANYBODY)
def index() -> str:
    """What can be chosen at this seat."""
    return render_template("seat.html", themes=THEMES)


@page.route("/seat", roles=ANYBODY, methods=["POST"])
def keep_choice() -> Response:
    """Keep language, light and keys for this browser."""
    response = make_response(redirect(url_for("seat.index"), 303))
    theme = request.form.get("theme", "")
    wanted = request.form.get("language", "")
    choose(
        response,
        language=wanted if wanted in LANGUAGES else "",
        theme=theme if theme in THEMES else "auto",
        keys=request.form.get("keys") == "1",
    )
    return toast(response, _("Kept for this screen."))


@page.route("/language", roles=OPEN, methods=["POST"])
def change_language() -> Response:
    """Change the language of this browser and stay where one is."""
    onward = request.form.get("next", "")
    response = make_response(redirect(onward if is_local(onward) else "/", 303))
    wanted = request.form.get("language", "")
    if wanted in LANGUAGES:
        choose(response, language=wanted)
    return response


@page.route("/keys", roles=ANYBODY)
def keys() -> str:
    """Every key that does something, and how to switch the single ones off."""
    return render_template("keys.html")


@page.route("/help", roles=ANYBODY)
def help_page() -> str:
    """How to reach whom, and what this screen can and cannot do."""
    people = room().get("people", {})
    reach = {role: [one for one in people if role in people[one].get("roles", ())] for role in REACHED}
    return render_template("help.html", reach=reach)
