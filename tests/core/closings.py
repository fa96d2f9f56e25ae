"""Rooms whose day is closed, for tests of the daily closing."""

from __future__ import annotations

from typing import Any

from controller.core.plan import SitePlan
from controller.view import view
from tests.core.desk import Desk
from tests.core.room import Room

HOUR = 3_600
TO_NINE_NEXT = 24 * HOUR


def closed(desk: Room, by: str = "sun", second: str = "qian", /, **given: Any) -> Any:
    """Ask for a closing; why it was refused."""
    desk.ask("close_day", by, second, **({"room": "vault"} | given))
    return desk.reason


def used(plan: SitePlan | None = None) -> Desk:
    """Two people were inside and left again."""
    room = Desk(plan)
    room.enter("B1", "B2")
    room.leave("B1", "B2")
    return room


def noted(room: Room) -> dict[str, str]:
    """A note on everything that is not in order."""
    return dict.fromkeys(view(room.site)["rooms"]["vault"]["closing"]["findings"], "seen")
