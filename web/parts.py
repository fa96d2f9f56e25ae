"""Parts of pages that are fetched by themselves, and the page around each. Rule: no part is shown alone.

Whoever opens a part's own address (out of the history of a browser, say) is led to the page around it; a
browser says that it means a whole document (Fetch Metadata, ``Sec-Fetch-Dest``).
"""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

PARTS = {
    "bar.alarms": "now.index",
    "closing.live": "closing.index",
    "commands.count": "commands.index",
    "commands.looked": "commands.index",
    "commands.signed": "commands.index",
    "commands.waiting": "commands.index",
    "devices.now": "devices.index",
    "now.alarm_live": "now.alarm",
    "now.closing": "now.alarm",
    "now.live": "now.index",
    "now.place_live": "now.place",
    "people.badges": "people.one",
    "visitors.count": "visitors.index",
    "visitors.now": "visitors.index",
    "visitors.told": "visitors.index",
}
"""Endpoint of the part, and of the page that it stands in; what only the part takes goes into the query."""


def to_the_whole() -> ResponseReturnValue | None:
    """Lead somebody who opened a part to its page."""
    page = PARTS.get(request.endpoint or "")
    if not page or request.method != "GET" or request.headers.get("Sec-Fetch-Dest") != "document":
        return None
    return redirect(url_for(page, **(request.view_args or {})), 303)
