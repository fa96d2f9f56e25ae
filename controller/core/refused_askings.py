"""What the log keeps of an Asking that was refused: who claimed to ask, and what about.

Rule: names only. PINs, personal claims and free words of an Asking that was refused go nowhere.
"""

from __future__ import annotations

from collections.abc import Container

from controller.core.effects import Body
from controller.core.events import Asking
from controller.core.legible import legible

ABOUT = ("person", "device", "badge", "level", "check", "visit", "visitor")
"""Fields that name what was asked for, each at most as long as a legible text."""


def told_of(ask: Asking, known: Container[str]) -> Body:
    """Names that were claimed and are nobody's (``asked_by``), and the names that the Asking was about."""
    claimed = [legible(name) for name in (ask.by, ask.second) if name and name not in known]
    about = {key: legible(value) for key in ABOUT if isinstance(value := ask.fields.get(key), str) and value}
    return ({"asked_by": claimed} if claimed else {}) | about
