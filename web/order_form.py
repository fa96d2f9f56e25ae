"""What somebody has filled in of an order. Rule: what does not fit is said beside its field, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from web.choices import Asked, Choice, choices
from web.i18n import N_, _
from web.orders import Field, Order, Pick

MISSING, GONE = N_("%(field)s: fill this in."), N_("%(field)s: this is not there any more. Choose again.")
TICK, LONG = N_("%(field)s: tick at least one."), N_("%(field)s: this is too long.")
NUMBER = N_("%(field)s: a whole number within the range.")


class Sent(Protocol):
    """A form as it was sent (werkzeug's MultiDict)."""

    def get(self, key: str, default: str) -> str:
        """The first value of a field."""
        ...

    def getlist(self, key: str) -> list[str]:
        """Every value of a field."""
        ...


@dataclass(frozen=True, slots=True)
class Row:
    """A field to fill in, with what may be chosen, what was typed and what is wrong with it."""

    field: Field
    choices: list[Choice]
    typed: str = ""
    wrong: str = ""


@dataclass(slots=True)
class Filled:
    """An order as far as it is filled in: ``fields`` for the Asking, ``wrong`` by the name of a field."""

    fields: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)


def filled(order: Order, asked: Asked, sent: Sent) -> Filled:
    """Read a form; only what was offered to choose is taken."""
    made = Filled()
    for one in order.fields:
        offered = {choice.value for choice in choices(one, asked)}
        value, wrong = _many(one, offered, sent) if one.pick.is_many else _one(one, offered, sent)
        if wrong:
            made.wrong[one.name] = _(wrong, field=_(one.label))
        elif value is not None:
            made.fields[one.name] = value
    return made


def rows(order: Order, asked: Asked, sent: Sent, wrong: Mapping[str, str]) -> list[Row]:
    """The fields of an order to be filled in."""
    return [
        Row(one, choices(one, asked), sent.get(one.name, ""), wrong.get(one.name, "")) for one in order.fields
    ]


def _many(one: Field, offered: set[str], sent: Sent) -> tuple[list[str] | None, str]:
    ticked = sent.getlist(one.name)
    if not {*ticked} <= offered:
        return None, GONE
    if not ticked and one.pick is not Pick.INSIDE:
        return None, TICK
    return sorted({*ticked}), ""


def _one(one: Field, offered: set[str], sent: Sent) -> tuple[str | int | None, str]:
    text = sent.get(one.name, "").strip()
    if not text:
        return None, MISSING if one.is_needed else ""
    if one.pick is Pick.NUMBER:
        return _number(one, text)
    if one.pick is Pick.TEXT:
        return (text, "") if len(text) <= one.most else (None, LONG)
    return (text, "") if text in offered else (None, GONE)


def _number(one: Field, text: str) -> tuple[int | None, str]:
    fits = text.isascii() and text.isdecimal() and len(text) <= len(str(one.most))
    number = int(text) if fits else -1
    return (number, "") if one.least <= number <= one.most else (None, NUMBER)
