"""Everything that must be signed, in one place. Rule: says what will happen before it asks for a signature.

The controller makes the command and judges it; here it is only written so that nobody signs what they did
not mean.
"""

from __future__ import annotations

from secrets import token_urlsafe

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.desk import Refused, look, me, room, told
from web.i18n import _
from web.order_giving import answer, form_of
from web.orders import Order
from web.orders_room import DOORS, LIFT, LOCKDOWN, SITE_NOW
from web.orders_site import AT_DEVICES, LOG, PASSKEYS
from web.page import ANYBODY, Page
from web.signed_lately import lines
from web.toasts import toast
from web.waiting import Card, cards

page = Page("commands", __name__, title="Commands", icon="signature", key="c")
UNTOLD = frozenset({409, 500, 503})
BELOW = (DOORS, LOG, PASSKEYS)
HERE = {order.name: order for group in (SITE_NOW, *BELOW) for order in group.orders}


@page.route("/commands", roles=ANYBODY)
def index() -> str:
    """What waits, and what one may order."""
    roles, now = me().roles, room()
    groups = [(group.title, [one for one in group.orders if one.is_for(roles)]) for group in BELOW]
    return render_template(
        "commands.html",
        cards=cards(me(), now["wall_ms"]),
        groups=[group for group in groups if group[1]],
        devices=any(one.is_for(roles) for one in AT_DEVICES.orders),
        lockdown=LOCKDOWN if LOCKDOWN.is_for(roles) else None,
        lift=LIFT if LIFT.is_for(roles) else None,
        locked=now["lockdown"],
        locked_since=now["lockdown_since"],
        key=token_urlsafe(12),
    )


@page.route("/commands/waiting", roles=ANYBODY)
def waiting() -> str:
    """The cards of what waits, as they are now."""
    return render_template("commands_waiting.html", cards=_cards())


@page.route("/commands/count", roles=ANYBODY)
def count() -> str:
    """How many commands wait for this person's signature: for the navigation."""
    return render_template("commands_count.html", count=sum(not card.why_not for card in _cards()))


@page.after_request
def say_nothing_in_the_navigation(response: Response) -> Response:
    """While the controller is away the count is silent: the bar says so already, in words."""
    is_count = request.endpoint == f"{page.name}.count"
    return make_response("", 204) if is_count and response.status_code in UNTOLD else response


@page.route("/commands/signed", roles=ANYBODY)
def signed() -> str:
    """What was signed lately; the look is an Entry."""
    look("show", "kind=command_signed,command_expired")
    return render_template("commands_signed.html", lines=lines(me()))


@page.route("/commands/order/<name>", roles=ANYBODY)
def order(name: str) -> str:
    """One order to fill in."""
    return form_of(_order(name), page.name)


@page.route("/commands/order/<name>", roles=ANYBODY, endpoint="give", methods=["POST"])
def give(name: str) -> ResponseReturnValue:
    """Propose it to be signed, or ask it at once where it takes no signature."""
    return answer(_order(name), page.name)


@page.route("/commands/<command>/withdraw", roles=ANYBODY, methods=["POST"])
def withdraw(command: str) -> ResponseReturnValue:
    """Take one's own command back; a chief anybody's."""
    try:
        told("withdraw", command=command)
    except Refused as refused:
        return toast(_back(), refused.need, "warn")
    return toast(_back(), _("Withdrawn. Nothing of it was done."), "note")


def _cards() -> list[Card]:
    return cards(me(), room()["wall_ms"])


def _back() -> Response:
    return make_response(redirect(url_for("commands.index"), 303))


def _order(name: str) -> Order:
    found = HERE.get(name)
    if found is None:
        abort(404)
    if not found.is_for(me().roles):
        abort(403, "role")
    return found
