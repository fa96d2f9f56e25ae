"""An order's form, and what becomes of it: proposed to be signed, or asked at once.

Rule: what is shown before the passkey begins with the sentence in plain words, and then all of the command.
"""

from __future__ import annotations

from secrets import token_urlsafe

from flask import Response, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from web.choices import Asked
from web.command_words import sentence_of
from web.desk import Refused, ask, me, propose, room, site
from web.i18n import _
from web.opening import refused_lately, waiting_at
from web.order_form import Filled, filled, rows
from web.orders import Order, Pick
from web.signing import to_sign, wrong
from web.toasts import toast

APPROVES = "approve_opening"

ABOUT_ANYBODY = frozenset({"erase_person", "set_hold"})
"""Orders about people who may be long gone."""


def form_of(
    order: Order, page: str, sent: MultiDict[str, str] | None = None, made: Filled | None = None
) -> str:
    """The page on which an order is filled in; ``made`` is what was wrong with what was ``sent``."""
    typed, asked = sent if sent is not None else _linked(order), _asked(order)
    return render_template(
        "commands_order.html",
        order=order,
        page=page,
        rows=rows(order, asked, typed, made.wrong if made else {}),
        wrong=made.wrong.get("", "") if made else "",
        room=asked.room,
        rooms=list(asked.view.get("rooms", {})) if _by_room(order) else [],
        pairs=waiting_at(asked.view) if order.name == APPROVES else [],
        refused=refused_lately(asked.view["wall_ms"]) if order.name == APPROVES and not made else [],
        no_key=order.signed and not me().told.get("passkeys"),
        no_set_up=order.signed and not site().get("set_up"),
        key=request.form.get("key") or token_urlsafe(12),
        now=asked.view,
    )


def answer(order: Order, page: str) -> ResponseReturnValue:
    """Judge what was filled in, and pass it on; what is wrong with it comes back in words."""
    made = filled(order, _asked(order), request.form)
    onward = url_for(f"{page}.index")
    if order.signed:
        return _proposed(order, made, onward)
    if not made.wrong:
        try:
            ask(order.name, key=request.form.get("key", "")[:60], **made.fields)
        except Refused as refused:
            made.wrong[""] = refused.need
        else:
            return toast(make_response(redirect(onward, 303)), _("Done: %(what)s", what=_said(order, made)))
    return make_response(form_of(order, page, request.form, made), 409)


def _linked(order: Order) -> MultiDict[str, str]:
    """What the link to the form has chosen already: a door or a person, never a number or a reason."""
    chosen = {one.name for one in order.fields if one.pick not in {Pick.TEXT, Pick.NUMBER}}
    return MultiDict([(name, value) for name, value in request.args.items() if name in chosen])


def _proposed(order: Order, made: Filled, onward: str) -> Response:
    if made.wrong:
        response = jsonify(error=" ".join(made.wrong.values()), fields=made.wrong)
        response.status_code = 409
        return response
    try:
        command = propose(order.name, **made.fields)
    except Refused as refused:
        return wrong(refused.answer)
    return jsonify(to_sign(command, onward=onward, done=_("Done: %(what)s", what=_said(order, made))))


def _said(order: Order, made: Filled) -> str:
    return sentence_of(order.name, {**{one.name: "" for one in order.fields}, **made.fields})


def _by_room(order: Order) -> bool:
    return any(one.pick is Pick.INSIDE for one in order.fields)


def _asked(order: Order) -> Asked:
    """The room as it is, and which one this is about: the one named, or the only one."""
    view = room(whole=order.name in ABOUT_ANYBODY)
    names = list(view.get("rooms", {}))
    named = request.values.get("room", "")
    return Asked(view, named if named in names else names[0] if len(names) == 1 or _by_room(order) else "")
