"""The page of people: its place in the navigation, who may do what on it, and whom a request is about."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import abort, request

from controller.core.console_roles import ConsoleRole
from web.desk import room, site
from web.names import name
from web.page import Page
from web.people.form import Offer
from web.zones import zone

GUARD, CHIEF, AUDITOR = ConsoleRole.GUARD, ConsoleRole.CHIEF, ConsoleRole.AUDITOR
WATCH, READ, DESK, CHIEFS = (GUARD, CHIEF, AUDITOR), (CHIEF, AUDITOR), (GUARD, CHIEF), (CHIEF,)
"""Who sees people and their badges; who reads all of it; who blocks a badge; who changes."""

page = Page("people", "web.pages.people", title="People", icon="id-badge-2", key="p")


class One(NamedTuple):
    """Somebody, as the room knows them now."""

    id: str
    told: dict[str, Any]
    view: dict[str, Any]


def somebody(person: str, *, here: bool = False) -> One:
    """The member of staff of a request, 404 for anybody else; ``here``: 404 also for whoever has ended."""
    view = room()
    told = view.get("people", {}).get(person)
    if told is None or told.get("visitor") or (here and told.get("ended")):
        abort(404)
    return One(person, told, view)


def offer(one: One | None, view: dict[str, Any]) -> Offer:
    """What may be filled in about somebody, None for somebody new."""
    plan, here = site().get("plan", {}), zone(str(site().get("zone", "UTC")))
    if one is None:
        return Offer(request.form.get("person", "").strip(), "", {}, view, plan, here)
    return Offer(one.id, name(one.id), one.told, view, plan, here)
