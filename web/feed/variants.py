"""Which sentence an Entry has: that of its kind, or another where the same kind says the opposite.

Rule: one place decides; every sentence is translated in web/translations/zh/feed.po.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from controller.core.words import Kind
from web.feed.kind_texts import KIND_TEXTS
from web.feed.mark import N_

Entry = Mapping[str, Any]


def template(entry: Entry) -> str:
    """The English sentence of an Entry, with names in braces for what Values fills in."""
    kind = str(entry["kind"])
    if kind not in set(Kind):
        return N_("Entry of another version: {kind}")
    other = VARIANTS.get(Kind(kind))
    return (other(entry) if other else "") or KIND_TEXTS[Kind(kind)]


def _lockdown(entry: Entry) -> str:
    return "" if entry.get("on", True) else N_("{who} lifted the lockdown")


def _fire(entry: Entry) -> str:
    return "" if entry.get("on", True) else N_("Fire alarm over")


def _power(entry: Entry) -> str:
    return "" if entry.get("lost", True) else N_("{place}: power is back")


def _granted(entry: Entry) -> str:
    if any(key in entry for key in ("awaits_shot", "awaits_until", "awaits")):
        return N_("{who} may open {place}, once pictures or log witnesses are there")
    return N_("{who} may leave through {place}") if entry.get("direction") == "out" else ""


def _refused(entry: Entry) -> str:
    if "asking" in entry:
        return N_("What {who} asked for was refused: {why}")
    if entry.get("who"):
        return ""
    return N_("Refused at {place}: {why}") if entry.get("place") else N_("Refused: {why}")


def _enrolled(entry: Entry) -> str:
    return "" if entry.get("who") else N_("{person} was enrolled at the founding")


def _carrier(entry: Entry) -> str:
    return "" if entry.get("who") else N_("Carrier {carrier} is now {state}")


def _stopped(entry: Entry) -> str:
    return "" if entry.get("who") else N_("The controller was stopped")


def _visit_ended(entry: Entry) -> str:
    return "" if entry.get("place") else N_("Visit of {visitors} ended")


def _counted(entry: Entry) -> str:
    return "" if entry.get("missing") else N_("Closing count of {place}: everything is there")


VARIANTS: dict[Kind, Callable[[Entry], str]] = {
    Kind.LOCKDOWN: _lockdown,
    Kind.FIRE: _fire,
    Kind.POWER: _power,
    Kind.GRANTED: _granted,
    Kind.REFUSED: _refused,
    Kind.ENROLLED: _enrolled,
    Kind.CARRIER_MOVED: _carrier,
    Kind.STOPPED: _stopped,
    Kind.VISIT_ENDED: _visit_ended,
    Kind.CLOSING_COUNT: _counted,
}
