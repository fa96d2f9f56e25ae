"""What comes back when a visitor leaves. Rule: nothing is taken for granted: badge and each device are said.

What is missing is asked about: whoever signs somebody out without it writes down what they were told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from web.i18n import _
from web.order_form import Sent

SAID = {"yes": True, "no": False}
LONGEST = 500


@dataclass(slots=True)
class GivenBack:
    """``fields`` for the Asking, what is ``wrong`` by field, and whether something is missing."""

    fields: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    is_missing: bool = False


def asks_for_badge(visit: Mapping[str, Any]) -> bool:
    """Whether the badge is still out: with the visitor, or missing since they left."""
    return bool(visit["status"] == "inside" or visit["badge_missing"])


def given_back(sent: Sent, visit: Mapping[str, Any]) -> GivenBack:
    """Read the form of a visitor who leaves, or who brings something back later."""
    made, lockers = GivenBack(), sent.getlist("lockers")
    devices = {n: SAID.get(sent.get(f"device{n}", "")) for n in range(len(lockers))}
    for n, back in devices.items():
        if back is None:
            made.wrong[f"device{n}"] = _("Say whether it was handed out.")
    made.fields["devices_returned"] = [lockers[n] for n, back in devices.items() if back]
    if asks_for_badge(visit):
        badge = SAID.get(sent.get("badge_returned", ""))
        made.fields["badge_returned"] = badge
        if badge is None:
            made.wrong["badge_returned"] = _("Say whether the badge is back.")
    made.is_missing = False in {*devices.values(), made.fields.get("badge_returned", True)}
    note = sent.get("reason", "").strip()[:LONGEST]
    if made.is_missing and not note:
        made.wrong["reason"] = _("Ask where it is, and write down what was said.")
    return _with_note(made, note)


def _with_note(made: GivenBack, note: str) -> GivenBack:
    if made.is_missing:
        made.fields["reason"] = note
    return made
