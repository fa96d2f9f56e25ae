"""What may be chosen in the fields of an order, from the room as it is now.

Rule: only what the controller tells this person is offered, and only what was offered is sent on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple

from controller.core.words import Kind
from controller.errors import IronroomError
from web.desk import me, site, told
from web.device_rows import LEVELS
from web.i18n import _
from web.log import reader
from web.names import name
from web.orders import Field, Pick

View = dict[str, Any]
MOST_KEYS = 200


class Choice(NamedTuple):
    """One thing that may be chosen; ``ticked`` where the room thinks so already."""

    value: str
    text: str
    more: str = ""
    ticked: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What choices are worked out of: the room, and the room or door that was chosen before."""

    view: View
    room: str = ""


def choices(field: Field, asked: Asked) -> list[Choice]:
    """What may be chosen in a field; empty for texts and numbers, and where there is nothing."""
    made = _CHOICES.get(field.pick)
    return made(asked) if made else []


def person_words(person: str) -> str:
    """A person as people and papers know them: name and number."""
    known = name(person)
    return person if known == person else f"{known} ({person})"


def letters_of(credential: str) -> str:
    """A passkey in letters that two people can compare: ``7F3A-09C2-11DE``."""
    digits = sha256(credential.encode()).hexdigest()[:12].upper()
    return f"{digits[:4]}-{digits[4:8]}-{digits[8:]}"


def _plan(part: str) -> dict[str, Any]:
    found: dict[str, Any] = site().get("plan", {}).get(part, {})
    return found


def _plain(names: Iterable[str]) -> list[Choice]:
    return [Choice(one, one) for one in names]


def _interlocked(_asked: Asked) -> list[Choice]:
    doors = _plan("doors").items()
    return [Choice(one, one, ", ".join(door["interlock"])) for one, door in doors if door.get("interlock")]


def _people(asked: Asked, *, ended: bool) -> list[Choice]:
    found = [
        Choice(one, person_words(one))
        for one, told_of in asked.view.get("people", {}).items()
        if not told_of.get("erased") and _is_over(asked.view, one, told_of) == ended
    ]
    return sorted(found, key=lambda choice: choice.text)


def _is_over(view: View, person: str, told_of: View) -> bool:
    """Whether the rights of a member of staff, or the visits of a visitor, have ended."""
    if not told_of.get("visitor"):
        return bool(told_of.get("ended"))
    book = view.get("visits", {}).get("book", {}).values()
    return not any(visit.get("visitor") == person and visit.get("open") for visit in book)


def _staff(asked: Asked) -> list[Choice]:
    people = asked.view.get("people", {})
    return [one for one in _people(asked, ended=False) if not people[one.value].get("visitor")]


def _anybody(asked: Asked) -> list[Choice]:
    everybody = sorted((*_people(asked, ended=False), *_people(asked, ended=True)), key=lambda one: one.text)
    return [Choice("", _("the whole log")), *everybody]


def _inside(asked: Asked) -> list[Choice]:
    """Everybody who may be inside; those whom the room counts are ticked and come first."""
    now = asked.view.get("rooms", {}).get(asked.room, {})
    counted = {*now.get("inside", ()), *now.get("visitors", ())}
    ticked = [one._replace(ticked=one.value in counted) for one in _people(asked, ended=False)]
    return sorted(ticked, key=lambda one: (not one.ticked, one.text))


def _policy(asked: Asked) -> list[Choice]:
    offered, now = asked.view.get("offered", ""), asked.view.get("policy", "")
    return [Choice(offered, offered[:16], now[:16])] if offered and offered != now else []


def _offered(_asked: Asked) -> list[Choice]:
    return [
        Choice(
            one["credential"],
            f"{person_words(one['person'])} · {one['label']}",
            letters_of(one["credential"]),
        )
        for one in told("offered")["offered"]
    ]


def _passkeys(asked: Asked) -> list[Choice]:
    own = [(me().person, key["credential"], key["label"]) for key in me().told.get("passkeys", ())]
    others = _enrolled(asked.view) if me().has("chief") else []
    known = {credential: (person, label) for person, credential, label in (*others, *own)}
    return [
        Choice(credential, f"{person_words(person)} · {label or _('without a name')}", letters_of(credential))
        for credential, (person, label) in known.items()
    ]


def _enrolled(view: View) -> list[tuple[str, str, str]]:
    """Passkeys of other people, as the log tells them; of people who have passkeys that count."""
    try:
        removed = {entry["credential"] for entry in _entries(Kind.PASSKEY_REMOVED)}
        found = [e for e in _entries(Kind.PASSKEY_ENROLLED) if e["credential"] not in removed]
    except IronroomError:
        return []
    people = view.get("people", {})
    return [
        (e["person"], e["credential"], str(e.get("label", "")))
        for e in found
        if people.get(e["person"], {}).get("passkeys")
    ]


def _entries(kind: Kind) -> list[View]:
    return [*reader().entries(kind=kind, newest_first=True, limit=MOST_KEYS)]


def _lines(asked: Asked) -> list[Choice]:
    known = asked.view.get("inputs", {}).items()
    return [Choice(one, one, _(LEVELS.get(str(level), LEVELS["unknown"])[1])) for one, level in known]


_CHOICES: dict[Pick, Callable[[Asked], list[Choice]]] = {
    Pick.DOOR: lambda _asked: _plain(_plan("doors")),
    Pick.INTERLOCKED: _interlocked,
    Pick.ROOM: lambda asked: _plain(asked.view.get("rooms", {})),
    Pick.CABINET: lambda _asked: _plain(_plan("cabinets")),
    Pick.STAFF: _staff,
    Pick.ANYBODY: _anybody,
    Pick.ENDED: lambda asked: _people(asked, ended=True),
    Pick.INSIDE: _inside,
    Pick.HOLD: lambda asked: _plain(asked.view.get("log", {}).get("holds", ())),
    Pick.POLICY: _policy,
    Pick.OFFERED: _offered,
    Pick.PASSKEY: _passkeys,
    Pick.READER: lambda _asked: _plain(_plan("readers")),
    Pick.LINES: _lines,
    Pick.CAMERAS: lambda _asked: _plain(_plan("cameras")),
}
