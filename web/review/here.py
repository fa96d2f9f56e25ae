"""What every view of the review asks: the room's clock and zone, who may read, what this screen has shown."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import current_app

from controller.core.console_roles import ConsoleRole
from web.desk import me, room, site
from web.review.places import Plan
from web.review.seen import Screens
from web.zones import zone

READERS = (ConsoleRole.CHIEF, ConsoleRole.AUDITOR)


def here() -> ZoneInfo:
    """The room's zone."""
    return zone(str(site().get("zone", "UTC")))


def now() -> datetime:
    """The room's clock, in its zone."""
    wall = room().get("wall_ms")
    at = datetime.fromtimestamp(wall / 1000, UTC) if isinstance(wall, int) else datetime.now(UTC)
    return at.astimezone(here())


def plan() -> Plan:
    """What stands where."""
    found: Plan = site().get("plan", {})
    return found


def screens() -> Screens:
    """What was on whose screen."""
    kept: Screens = current_app.extensions["screens"]
    return kept


def is_forgotten() -> bool:
    """Whether this session is older than this console, which then does not know all that was seen in it."""
    since = me().told.get("since")
    return isinstance(since, int) and screens().is_older(now().timestamp() - since / 1000)
