"""The guard's desk as a page, for the modules with its routes. Rule: who may do what stands here once."""

from __future__ import annotations

from typing import Any

from flask import current_app, url_for

from controller.core.console_roles import ConsoleRole
from web.desk import me
from web.page import Page

page = Page("now", __name__, title="Now", icon="layout-dashboard", key="n")
WATCHERS = (ConsoleRole.GUARD, ConsoleRole.CHIEF, ConsoleRole.AUDITOR)
"""Who watches: the feed, the pictures, who was there."""
DESK = (ConsoleRole.GUARD, ConsoleRole.CHIEF)
"""Who keeps the desk: takes and settles alarms, locks everything, hands over, calls the roll."""


def watches() -> bool:
    """Whether whoever is signed in watches."""
    return me().has(*(role.value for role in WATCHERS))


def keeps() -> bool:
    """Whether whoever is signed in keeps the desk."""
    return me().has(*(role.value for role in DESK))


def way(endpoint: str, /, **values: Any) -> str:
    """Address of a view of another page; empty where this console has none of that name."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else ""
