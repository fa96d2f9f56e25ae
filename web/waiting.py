"""Commands that wait for a signature, as cards. Rule: a card says all of what is signed from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from web.choices import person_words
from web.command_words import rest_of, sentence_of, title_of
from web.desk import Who, is_quiet, told
from web.i18n import _
from web.menu import role_name
from web.panels import shown_at

ABOUT_ONESELF = frozenset(
    {"enrol", "change_person", "issue_badge", "invite", "erase_person", "enrol_passkey", "forgive_passback"}
)
"""What nobody signs about themselves; the controller refuses it as well."""
TWO = 2


@dataclass(frozen=True, slots=True)
class Card:
    """A command that waits. ``why_not``: why this person cannot sign it, "" where they can.

    ``left_s``: seconds until it runs out. ``who``: who may sign next. ``panels`` show the same code.
    """

    command: str
    code: str
    title: str
    sentence: str
    rest: list[tuple[str, str]]
    by: str
    signed: str
    who: str
    left_s: int
    why_not: str
    is_own: bool
    can_withdraw: bool
    panels: tuple[str, ...]


def cards(person: Who, now_ms: int) -> list[Card]:
    """What waits and concerns this person, the most urgent first; ``now_ms`` is the room's clock.

    What somebody else has open before their first signature is theirs alone, and nobody can sign it.
    """
    waiting = told("commands", quiet=is_quiet())["commands"]
    shown = [one for one in waiting if one["signed"] or one["by"] == person.person]
    return sorted(
        (_card(person, one, now_ms) for one in shown), key=lambda card: (bool(card.why_not), card.left_s)
    )


def _card(person: Who, one: dict[str, Any], now_ms: int) -> Card:
    is_own = one["by"] == person.person
    return Card(
        command=one["command"],
        code=one["code"],
        title=title_of(one["ask"]),
        sentence=sentence_of(one["ask"], one["fields"]),
        rest=rest_of(one["ask"], one["fields"]),
        by=person_words(one["by"]),
        signed=", ".join(map(person_words, one["signed"])),
        who=_who(one),
        left_s=max(0, (one["until"] - now_ms) // 1000),
        why_not=_why_not(person, one),
        is_own=is_own,
        can_withdraw=is_own or person.has("chief"),
        panels=shown_at(one["ask"], one["fields"]) if one["signed"] else (),
    )


def _who(one: dict[str, Any]) -> str:
    roles = _(" or ").join(role_name(role) for role in one["roles"])
    return _("another person: %(roles)s", roles=roles) if one["signed"] else _("whoever asked")


def _why_not(person: Who, one: dict[str, Any]) -> str:
    if not person.has(*one["roles"]):
        return _("Not for your role to sign.")
    if person.person in one["signed"]:
        return _("You have signed it. Now another person must.")
    if one["ask"] in ABOUT_ONESELF and one["fields"].get("person") == person.person:
        return _("It is about yourself: somebody else must sign.")
    if not person.told.get("passkeys"):
        return _("You have no passkey yet. My account leads to one.")
    return ""
