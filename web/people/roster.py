"""Everybody who is enrolled, as the room knows them now. Rule: pure; visitors have their own desk.

Whoever cannot enter although their rights are in force (no pledge, no training) is shown as such.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from web.i18n import N_
from web.people_search import matches

SOON_MS = 30 * 86_400_000
"""How long before an end it is warned of."""
View = Mapping[str, Any]


class Standing(StrEnum):
    """How it stands with somebody's rights."""

    FORCE = "force"
    SOON = "soon"
    HELD = "held"  # in force, but without pledge or training nobody enters
    LATER = "later"
    ENDED = "ended"
    ERASED = "erased"


STANDINGS: dict[Standing, tuple[str, str]] = {
    Standing.FORCE: ("good", N_("in force")),
    Standing.SOON: ("warn", N_("ends soon")),
    Standing.HELD: ("warn", N_("may not enter")),
    Standing.LATER: ("note", N_("not yet in force")),
    Standing.ENDED: ("none", N_("ended")),
    Standing.ERASED: ("none", N_("erased")),
}
"""Tone and word of each."""
GONE = (Standing.ENDED, Standing.ERASED)
DATES = {
    "valid_until": (N_("Rights end on %(day)s."), N_("Rights ended on %(day)s.")),
    "pledge_until": (N_("The pledge ends on %(day)s."), N_("The pledge ended on %(day)s.")),
    "training_until": (
        N_("The training ends on %(day)s."),
        N_("The training ended on %(day)s."),
    ),
}
"""What is warned of before an end, and what is said afterwards."""
LACKS = {"pledged": N_("There is no pledge."), "trained": N_("There is no training.")}


class Notice(NamedTuple):
    """Something that ends or is missing: ``text`` has a hole ``day`` where ``at`` is the last instant."""

    tone: str
    text: str
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """One line of the list; ``told`` is what the room says of them."""

    id: str
    name: str
    standing: Standing
    badges: int
    told: View

    @property
    def tone(self) -> str:
        """Tone of the standing."""
        return STANDINGS[self.standing][0]

    @property
    def word(self) -> str:
        """The standing in a word or two."""
        return STANDINGS[self.standing][1]


class Wanted(NamedTuple):
    """What is looked for; "" for anything. ``standing``: "" is everybody who has not ended, "all" all."""

    words: str = ""
    department: str = ""
    post: str = ""
    role: str = ""
    standing: str = ""


def staff(view: View, named: Callable[[str], str]) -> list[Person]:
    """Everybody but visitors, in the order of the controller."""
    live: dict[str, int] = {}
    for badge in view.get("badges", {}).values():
        live[badge["holder"]] = live.get(badge["holder"], 0) + (not badge["blocked"])
    return [
        Person(one, named(one), standing(told, view["wall_ms"]), live.get(one, 0), told)
        for one, told in view.get("people", {}).items()
        if not told.get("visitor")
    ]


def standing(told: View, now: int) -> Standing:
    """How it stands with somebody's rights now."""
    until = told.get("valid_until")
    if told.get("erased"):
        return Standing.ERASED
    if told.get("ended") or (until is not None and until <= now):
        return Standing.ENDED
    if (told.get("valid_from") or 0) > now:
        return Standing.LATER
    tones = {warning.tone for warning in warnings(told, now)}
    return Standing.HELD if "alarm" in tones else Standing.SOON if tones else Standing.FORCE


def warnings(told: View, now: int) -> list[Notice]:
    """What is missing, is over, or will be within SOON_MS; the worst first."""
    lacks = [Notice("alarm", text) for flag, text in LACKS.items() if told.get(flag) is False]
    ends = [
        Notice("alarm" if at <= now else "warn", texts[1] if at <= now else texts[0], at)
        for name, texts in DATES.items()
        if (at := told.get(name)) is not None and at < now + SOON_MS
    ]
    return sorted([*lacks, *ends], key=lambda one: (one.tone != "alarm", one.at or 0))


def found(people: Iterable[Person], wanted: Wanted) -> list[Person]:
    """Those who fit, best first."""
    fit = {one.id: one for one in people if _fits(one, wanted)}
    return [fit[one] for one in matches(wanted.words, {one.id: one.name for one in fit.values()})]


def _fits(one: Person, wanted: Wanted) -> bool:
    told = one.told
    return (
        (not wanted.department or told.get("department") == wanted.department)
        and (not wanted.post or wanted.post in told.get("posts", ()))
        and (not wanted.role or wanted.role in told.get("roles", ()))
        and (wanted.standing in {"all", one.standing} or (not wanted.standing and one.standing not in GONE))
    )


def words_in(people: Iterable[Person], field: str) -> list[str]:
    """Every department, post or role that somebody has, for the filters."""
    values = (one.told.get(field) or () for one in people)
    return sorted({word for value in values for word in ([value] if isinstance(value, str) else value)})
