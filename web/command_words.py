"""A signed command in plain words, every field of it. Rule: what is not in the sentence stands below it.

Nothing is left out and nothing is made nicer: whoever reads it decides whether to sign.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from web.choices import letters_of, person_words
from web.desk import room
from web.i18n import N_, _
from web.menu import role_name
from web.orders import ELSEWHERE
from web.orders_site import ORDERS

PEOPLE = frozenset({"person", "host", "holder", "visitor", "inside", "excluded_with"})
LEGIBLE = 10
"""Characters of a document's number above which its ends are shown."""
SECRETS = frozenset({"pin", "key", "check"})
LABELS = {
    "person": N_("Person"),
    "door": N_("Door"),
    "room": N_("Room"),
    "cabinet": N_("Cabinet"),
    "seconds": N_("Seconds"),
    "minutes": N_("Minutes"),
    "reason": N_("Reason"),
    "inside": N_("Who is inside"),
    "credential": N_("Passkey"),
    "label": N_("Name of the passkey"),
    "digest": N_("Digest"),
    "device": N_("Device"),
    "lines": N_("Lines"),
    "cameras": N_("Cameras"),
    "hold": N_("Hold"),
    "name": N_("Name"),
    "document": N_("Document"),
    "department": N_("Department"),
    "company": N_("Company"),
    "contact": N_("Contact"),
    "posts": N_("Posts"),
    "roles": N_("Roles at the console"),
    "badges": N_("Badges"),
    "level": N_("Level"),
    "badge_level": N_("Level of the badge"),
    "doors": N_("Doors"),
    "compartments": N_("Compartments"),
    "valid_from": N_("Valid from"),
    "valid_until": N_("Valid until"),
    "hours": N_("Hours"),
    "visit": N_("Visit"),
    "visitor": N_("Visitor"),
    "until": N_("Until"),
    "ranges": N_("Which entries"),
    "exceptions": N_("Exceptions"),
    "own": N_("With my own"),
    "carrier": N_("Carrier"),
    "state": N_("State"),
    "at": N_("Place"),
    "holder": N_("Holder"),
    "reader": N_("Reader"),
    "pin": N_("PIN"),
    "key": N_("Key"),
    "check": N_("Check"),
}
_holes = re.compile(r"%\((\w+)\)s").findall


def title_of(ask: str) -> str:
    """What is asked, in two or three words."""
    known = ORDERS.get(ask) or ELSEWHERE.get(ask)
    return _(known.title) if known else ask


def sentence_of(ask: str, fields: Mapping[str, Any]) -> str:
    """What would be done, in one sentence; the title where no sentence fits all that it needs."""
    known = ORDERS.get(ask) or ELSEWHERE.get(ask)
    said = known.said if known else ""
    if not said or not {*_holes(said)} <= fields.keys():
        return title_of(ask)
    return _(said, **{hole: spelled(hole, fields[hole]) for hole in _holes(said)})


def rest_of(ask: str, fields: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Every field that the sentence does not say, by its label."""
    known = ORDERS.get(ask) or ELSEWHERE.get(ask)
    said = known.said if known else ""
    told = {*_holes(said)} if {*_holes(said)} <= fields.keys() else set()
    return [
        (_(LABELS.get(one, one)), spelled(one, value)) for one, value in fields.items() if one not in told
    ]


def spelled(field: str, value: object) -> str:
    """One value: people by name and number, keys by the letters that two people can compare."""
    if field == "ranges" and isinstance(value, list | tuple):
        return ", ".join(_range(one) for one in value)
    if isinstance(value, list | tuple):
        return ", ".join(spelled(field, one) for one in value) or _nothing(field)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None:
        return _("none")
    if isinstance(value, Mapping):
        return "; ".join(
            f"{_(LABELS.get(str(key), str(key)))} {spelled(str(key), one)}" for key, one in value.items()
        )
    return _text(field, str(value))


def masked(document: str) -> str:
    """The number of a document, so that it can be told apart and not copied: ``110***********002X``."""
    ends = (document[:3], document[-4:]) if len(document) > LEGIBLE else ("", "")
    return ends[0] + "*" * (len(document) - len("".join(ends))) + ends[1]


def _range(value: object) -> str:
    """Counters from the first to the last, as people write them: ``2-5``, and one alone as itself."""
    ends = [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]
    return "-".join(dict.fromkeys(ends))


def _visit(visit: str) -> str:
    """A visit with who comes: nobody signs a number for a person."""
    found = room().get("visits", {}).get("book", {}).get(visit)
    return f"{visit} · {person_words(str(found['visitor']))}" if found else visit


def _nothing(field: str) -> str:
    return _("nobody") if field == "inside" else _("none")


def _text(field: str, text: str) -> str:
    if field in PEOPLE:
        return person_words(text) if text else _("the whole log")
    if field in SECRETS:
        return _("given, not shown")
    spell = SPELLED.get(field)
    return spell(text) if spell else text


def _digest(text: str) -> str:
    return text[:16]


SPELLED = {
    "visit": _visit,
    "document": masked,
    "credential": letters_of,
    "roles": role_name,
    "digest": _digest,
}
