"""A room as it looks now, for whoever approves its opening from afar (behaviour 33b).

Rule: the look is an Entry before anything is pictured; the controller opens the pictures, each look an Entry.
"""

from __future__ import annotations

from base64 import b64decode

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from controller.core.console_roles import ConsoleRole
from controller.core.words import Kind
from web.desk import Refused, look, room, told
from web.now.shots import Shot, shots
from web.order_giving import APPROVES
from web.pages import commands
from web.toasts import toast

page = commands.page
"""With the routes of commands.py."""
APPROVERS = (ConsoleRole.GUARD, ConsoleRole.CUSTODIAN, ConsoleRole.CHIEF)


@page.route("/commands/look", roles=APPROVERS, endpoint="look", methods=["POST"])
def look_now() -> ResponseReturnValue:
    """Have a room pictured now."""
    wanted = request.form.get("room", "")
    if wanted not in room().get("rooms", {}):
        abort(404)
    form = url_for("commands.order", name=APPROVES, room=wanted)
    try:
        n = look("live", f"room={wanted}")
    except Refused as refused:
        return toast(redirect(form, 303), refused.need, "warn")
    return redirect(url_for("commands.order", name=APPROVES, room=wanted, looked=n), 303)


@page.route("/commands/look/<int:n>/<name>", roles=APPROVERS)
def looked(n: int, name: str) -> str:
    """What the cameras of the room show; n is the Entry of the look."""
    return render_template("commands_look.html", shots=newest(shots(n, name, Kind.EVIDENCE_READ.value)))


@page.route("/commands/look/<int:n>/<camera>/<moment>", roles=APPROVERS, machine=True)
def look_picture(n: int, camera: str, moment: str) -> Response:
    """One of the pictures; the look is an Entry."""
    try:
        answer = told("picture", shot_n=n, camera=camera, moment=_moment(moment), size="picture")
    except Refused:
        abort(404)
    response = Response(b64decode(answer["jpeg"]), mimetype="image/jpeg")
    response.headers["Cache-Control"] = "private, max-age=600"
    return response


def newest(found: list[Shot]) -> list[Shot]:
    """Of each camera its newest picture that is there; why there is none, otherwise."""
    of: dict[str, Shot] = {}
    for one in found:
        if one.camera not in of or one.n is not None or of[one.camera].n is None:
            of[one.camera] = one
    return list(of.values())


def _moment(text: str) -> int:
    number = text.removeprefix("-")
    if not number.isascii() or not number.isdecimal() or len(number) > len("1000000"):
        abort(404)
    return int(text)
