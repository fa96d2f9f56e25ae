"""The visits of these days as the desk shows them. Rule: no number of a document, and no more than concerns.

Whoever is only a host sees the visits that they are host of or asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from web.desk import Who
from web.i18n import _
from web.visits.known import Known, known
from web.visits.waiting import needs_host
from web.visits.words import STATUSES, purpose_words

DESK = ("guard", "chief")
MOST = 200
View = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One visit: its id, what the controller tells of it, and what the log tells of its visitor."""

    id: str
    told: Mapping[str, Any]
    guest: Known
    now_ms: int
    needs_host: bool = False

    @property
    def sign(self) -> tuple[str, str, str]:
        """Tone, icon and word of its state."""
        if self.told["blocked"]:
            return "alarm", "alert-octagon", _("On the block list")
        if self.needs_host:
            return "warn", "alert-triangle", _("Needs another host")
        if self.told["late"]:
            return "alarm", "alert-octagon", _("Overstayed by %(minutes)s min", minutes=self.minutes_late)
        if self.told["badge_missing"]:
            return "warn", "alert-triangle", _("Badge missing")
        if self.told["status"] == "left" and self.told["devices"]:
            return "warn", "alert-triangle", _("Devices not collected")
        tone, icon, word = STATUSES[self.told["status"]]
        return tone, icon, _(word)

    @property
    def minutes_late(self) -> int:
        """Minutes since the end."""
        return max(0, self.now_ms - int(self.told["ends"])) // 60_000

    @property
    def purpose(self) -> str:
        """The purpose in words."""
        return purpose_words(str(self.told["purpose"]), self.guest.purposes.get(self.id, ""))

    @property
    def where(self) -> str:
        """Where the visitor is."""
        return str(self.told.get("room") or "")

    @property
    def deposits(self) -> list[Mapping[str, str]]:
        """The devices that lie in lockers."""
        return list(self.told["devices"])


@dataclass(frozen=True, slots=True)
class Lists:
    """Who is in the house, what waits for approval, who is expected, what is not back."""

    inside: list[Row]
    waiting: list[Row]
    expected: list[Row]
    unsettled: list[Row]
    left: list[Row]


def concerns(who: Who, visit: Mapping[str, Any]) -> bool:
    """Whether somebody may see a visit."""
    return who.has(*DESK, "auditor") or who.person in {visit["host"], visit["by"], visit["escort"]}


def row(view: View, visit: str, who: Who) -> Row | None:
    """A visit, None where there is none or it does not concern them."""
    told = view.get("visits", {}).get("book", {}).get(visit)
    return _row(view, visit, told) if told and concerns(who, told) else None


def lists(view: View, who: Who) -> Lists:
    """Every list of the desk, the most urgent first."""
    book = view.get("visits", {}).get("book", {})
    rows = [_row(view, visit, told) for visit, told in book.items() if concerns(who, told)][-MOST:]
    of = {status: [one for one in rows if one.told["status"] == status] for status in STATUSES}
    gone = [*of["left"], *of["declined"]]
    return Lists(
        inside=sorted(of["inside"], key=_ends),
        waiting=sorted(of["requested"], key=_starts),
        expected=sorted(of["approved"], key=_starts),
        unsettled=[one for one in gone if one.told["open"]],
        left=[one for one in reversed(gone) if not one.told["open"]][:20],
    )


def free_badges(view: View) -> list[str]:
    """Badges in the box: what visitors gave back. A card that is new is known to nobody yet."""
    return sorted(badge for badge, one in view.get("badges", {}).items() if one.get("boxed"))


def _row(view: View, visit: str, told: Mapping[str, Any]) -> Row:
    guest = known(str(told["visitor"]))
    return Row(visit, told, guest, int(view["wall_ms"]), needs_host(view, told))


def _ends(one: Row) -> int:
    return int(one.told["ends"])


def _starts(one: Row) -> int:
    return int(one.told["starts"])
