"""A person as somebody fills them in: what is offered, what was typed, what is wrong with it, what changes.

Rule 1: only what differs is asked for, and each change can be told as "from → to" before it is signed.
Rule 2: a PIN goes from the field into the Asking; it is in no text, no draft and no answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any

from controller.core.console_roles import ROLES
from web.i18n import N_
from web.order_form import Sent
from web.people.days import day_of, instant_of
from web.people.words import compartments_of, hours_are_written

LABELS = {
    "person": N_("Number"),
    "name": N_("Full name"),
    "document": N_("Document"),
    "contact": N_("Contact"),
    "department": N_("Department"),
    "posts": N_("Posts"),
    "roles": N_("Roles at the console"),
    "doors": N_("Doors"),
    "compartments": N_("Compartments"),
    "hours": N_("Hours"),
    "valid_from": N_("Valid from"),
    "valid_until": N_("Valid until"),
    "pledged": N_("Pledge signed"),
    "pledge_until": N_("Pledge until"),
    "trained": N_("Training done"),
    "training_until": N_("Training until"),
    "excluded_with": N_("Never together with"),
    "badges": N_("Old badges, by number"),
    "pin": N_("PIN"),
}
"""Every field, in the order in which changes are told."""
TEXTS, SECRET = ("department", "hours"), ("document", "contact")
DATES, FLAGS = ("valid_from", "valid_until", "pledge_until", "training_until"), ("pledged", "trained")
LAST_DAYS = frozenset(DATES) - {"valid_from"}
TICKS, LISTED = ("roles", "excluded_with"), ("posts", "badges")
LIMITS = ("doors", "compartments")
LONGEST, MOST = 200, 60
_number = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", re.ASCII).fullmatch
_pin = re.compile(r"[0-9]{4,12}", re.ASCII).fullmatch
_between = re.compile("[,\uff0c\u3001;\uff1b\n]").split

TAKEN = N_("This number is somebody's, or was. Numbers are never given twice.")
NO_NUMBER = N_("Letters, digits, dot, dash or underscore; at most 40.")
NO_NAME = N_("Give the name as it stands in the document.")
TOO_LONG = N_("This is too long: at most 200 characters, and 60 in a list.")
NO_HOURS = N_("Write hours as mon-fri 08:00-18:00, or the name of hours that the site has.")
NO_DAY = N_("Write the day as 2026-03-31.")
ENDS_FIRST = N_("The last day lies before the first.")
GONE = N_("Something that was ticked is not there any more. Tick again.")
NO_PIN = N_("A PIN has 4 to 12 digits.")
NOT_TWICE = N_("The two PINs are not the same. Type both again.")
OTHERS_BADGE = N_("One of these badges is somebody else's.")
NOTHING = N_("Nothing was changed.")


@dataclass(frozen=True, slots=True)
class Offer:
    """What may be chosen, and whose form it is: ``told`` is the room's word, {} for somebody new."""

    person: str
    name: str
    told: Mapping[str, Any]
    view: Mapping[str, Any]
    plan: Mapping[str, Any]
    zone: tzinfo

    @property
    def is_new(self) -> bool:
        """Whether somebody is being enrolled."""
        return not self.told

    def choices(self, name: str) -> list[str]:
        """What may be ticked under a field."""
        match name:
            case "roles":
                return list(ROLES)
            case "doors":
                return list(self.plan.get("doors", ()))
            case "compartments":
                return compartments_of(self.plan)
            case _:
                people = self.view.get("people", {}).items()
                return [
                    one
                    for one, told in people
                    if not told.get("visitor") and not told.get("ended") and one != self.person
                ]

    def now(self, name: str) -> Any:
        """A field as it is now, spelled as the form spells it."""
        match name:
            case "name":
                return self.name if self.name != self.person else ""
            case "pledged" | "trained":
                return bool(self.told.get(name, False))
            case "doors" | "compartments":
                return self.told.get(name) if self.told else []
            case _ if name in DATES:
                return day_of(self.told.get(name), self.zone, is_last=name in LAST_DAYS)
            case _ if name in (*TICKS, *LISTED):
                return list(self.told.get(name, ()))
            case _:
                return self.told.get(name, "")


@dataclass(slots=True)
class Made:
    """A form as far as it fits: ``fields`` of the Asking, ``wrong`` by field, ``changes`` field, from, to."""

    fields: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    changes: list[tuple[str, Any, Any]] = field(default_factory=list)

    def take(self, name: str, before: Any, after: Any, value: Any) -> None:
        """Ask for ``value`` where what is spelled ``before`` and ``after`` differs."""
        if before != after:
            self.fields[name] = value
            self.changes.append((name, before, after))


def filled(offer: Offer, sent: Sent) -> Made:
    """Read a form; what does not fit stands in ``wrong``, in English to be translated."""
    made = Made()
    if offer.is_new:
        _take_number(made, offer, sent.get("person", "").strip())
    for name in ("name", *TEXTS, *SECRET):
        _take_text(made, offer, name, sent.get(name, "").strip())
    for name in LISTED:
        _take_list(made, offer, name, sent.get(name, ""))
    for name in TICKS:
        _take_ticks(made, offer, name, sent.getlist(name))
    for name in LIMITS:
        _take_limit(made, offer, name, sent)
    for name in FLAGS:
        made.take(name, None if offer.is_new else offer.now(name), after := bool(sent.get(name, "")), after)
    for name in DATES:
        _take_day(made, offer, name, sent.get(name, "").strip())
    _take_pin(made, sent.get("pin", ""), sent.get("pin_again", ""))
    made.changes.sort(key=lambda change: [*LABELS].index(change[0]))
    if not made.fields and not made.wrong:
        made.wrong[""] = NOTHING
    return made


def _take_number(made: Made, offer: Offer, typed: str) -> None:
    if not _number(typed):
        made.wrong["person"] = NO_NUMBER
    elif typed in offer.view.get("people", {}):
        made.wrong["person"] = TAKEN


def _take_text(made: Made, offer: Offer, name: str, typed: str) -> None:
    if name in SECRET:  # not shown again, so that empty means: as it is
        if typed:
            made.take(name, None, typed, typed)
    elif name == "name" and not typed:
        made.wrong[name] = NO_NAME
    elif name == "hours" and not _is_known(offer, typed):
        made.wrong[name] = NO_HOURS
    else:
        made.take(name, offer.now(name), typed, typed)
    if len(typed) > LONGEST:
        made.wrong[name] = TOO_LONG


def _is_known(offer: Offer, hours: str) -> bool:
    known = {"", offer.now("hours"), *offer.plan.get("hours", ())}
    return hours in known or hours_are_written(hours)


def _take_list(made: Made, offer: Offer, name: str, typed: str) -> None:
    words = list(dict.fromkeys(word.strip() for word in _between(typed) if word.strip()))
    if len(words) > MOST or any(len(word) > LONGEST for word in words):
        made.wrong[name] = TOO_LONG
    elif name == "badges":
        _take_badges(made, offer, [word.upper() for word in words])
    else:
        made.take(name, offer.now(name), words, words)


def _take_badges(made: Made, offer: Offer, numbers: list[str]) -> None:
    """Numbers that are added; what somebody has is changed by blocking or making badges."""
    known = offer.view.get("badges", {})
    if any(known[one]["holder"] != offer.person for one in numbers if one in known):
        made.wrong["badges"] = OTHERS_BADGE
    made.take("badges", [], numbers, numbers)


def _take_ticks(made: Made, offer: Offer, name: str, ticked: list[str]) -> None:
    if not {*ticked} <= {*offer.choices(name), *offer.now(name)}:
        made.wrong[name] = GONE
    made.take(name, sorted(offer.now(name)), sorted({*ticked}), sorted({*ticked}))


def _take_limit(made: Made, offer: Offer, name: str, sent: Sent) -> None:
    every, ticked = bool(sent.get(f"every_{name}", "")), sorted({*sent.getlist(name)})
    if not {*ticked} <= {*offer.choices(name)}:
        made.wrong[name] = GONE
    before, after = offer.now(name), None if every else ticked
    if offer.is_new:
        made.fields[name] = after  # what is not said would be everything
        made.changes.append((name, [], after))
    else:
        made.take(name, before, after, after)


def _take_day(made: Made, offer: Offer, name: str, typed: str) -> None:
    try:
        value = instant_of(typed, offer.zone, is_last=name in LAST_DAYS) if typed else None
    except (ValueError, OverflowError):
        made.wrong[name] = NO_DAY
        return
    made.take(name, offer.now(name), typed, value)
    first = sent_day(made, offer, "valid_from")
    if name == "valid_until" and typed and first and typed < first:
        made.wrong[name] = ENDS_FIRST


def sent_day(made: Made, offer: Offer, name: str) -> str:
    """A day as it will be when the changes are made."""
    found = [after for changed, _, after in made.changes if changed == name]
    return str(found[0] if found else offer.now(name))


def _take_pin(made: Made, pin: str, again: str) -> None:
    if not pin and not again:
        return
    if not _pin(pin):
        made.wrong["pin"] = NO_PIN
    elif pin != again:
        made.wrong["pin"] = NOT_TWICE
    else:
        made.fields["pin"] = pin
        made.changes.append(("pin", None, ""))
