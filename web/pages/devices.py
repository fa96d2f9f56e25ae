"""Devices, for whoever puts them into service. Rule: shows what is known; two people sign every order."""

from __future__ import annotations

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from controller.core.console_roles import ConsoleRole
from web.desk import me, room
from web.device_rows import devices
from web.order_giving import answer, form_of
from web.orders import DEVICES, Order
from web.orders_site import AT_DEVICES
from web.page import Page

page = Page("devices", __name__, title="Devices", icon="tool", key="i")
READERS = (*DEVICES, ConsoleRole.AUDITOR)


@page.route("/devices", roles=READERS)
def index() -> str:
    """Every device with its condition, and the orders that put one into service."""
    orders = [one for one in AT_DEVICES.orders if one.is_for(me().roles)]
    return render_template("devices.html", devices=devices(room()), orders=orders)


@page.route("/devices/now", roles=READERS)
def now() -> str:
    """The conditions as they are now."""
    return render_template("devices_now.html", devices=devices(room()))


@page.route("/devices/order/<name>", roles=DEVICES)
def order(name: str) -> str:
    """One order to fill in."""
    return form_of(_order(name), page.name)


@page.route("/devices/order/<name>", roles=DEVICES, endpoint="give", methods=["POST"])
def give(name: str) -> ResponseReturnValue:
    """Propose it to be signed."""
    return answer(_order(name), page.name)


def _order(name: str) -> Order:
    found = next((one for one in AT_DEVICES.orders if one.name == name), None)
    if found is None:
        abort(404)
    return found
