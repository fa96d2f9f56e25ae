"""A signed command in plain words, every field of it. Rule: what is not in the sentence stands below it.

Nothing is left out and nothing is made nicer: whoever reads it decides whether to sign.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from web.choices import letters_of, person_words
from web.closing.words import finding
from web.command_labels import ASKED, FORMS, LABELS, TIMES, WHOLE
from web.desk import room, site
from web.i18n import _
from web.menu import role_name
from web.orders import ELSEWHERE
from web.orders_site import ORDERS
from web.review.groups import GROUPS, ONLY
from web.zones import zone

PEOPLE = frozenset({"about", "person", "host", "holder", "visitor", "inside", "excluded_with"})
LEGIBLE = 10
"""Characters of a document's number above which its ends are shown."""
SECRETS = frozenset({"pin", "key", "check"})
RAW = frozenset({"digest", "credential"})
"""Shown whole where all of a command is read."""
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


def all_of(text: str) -> list[list[str]]:
    """All of a command by its canonical text, as rows of name and value in words."""
    try:
        told = json.loads(text)
    except ValueError:
        return [["", text]]
    return list(_all(told)) if isinstance(told, dict) else [["", text]]


def _all(told: dict[str, Any]) -> Iterator[list[str]]:
    ask = str(told.get("ask", ""))
    fields: dict[str, Any] = told["fields"] if isinstance(told.get("fields"), dict) else {}
    first = WHOLE["ask"]
    yield [_(first), f"{title_of(ask)} ({ask})"]
    for name, value in fields.items():
        yield [_(LABELS.get(name, name)), str(value) if name in RAW else spelled(name, value)]
    for name, value in told.items():
        if name == "by":
            yield [_(WHOLE[name]), person_words(str(value))]
        elif name not in {"ask", "fields"}:
            yield [_(WHOLE.get(name, name)), spelled(name, value)]


def spelled(field: str, value: object) -> str:
    """One value: people by name, moments in the room's time, keys in letters that can be compared."""
    if isinstance(value, list | tuple):
        return _ranges(value) if field == "ranges" else _several(field, value)
    if isinstance(value, Mapping) and field == "notes":
        return "; ".join(f"{finding(str(key))}: {one}" for key, one in value.items()) or _("none")
    if isinstance(value, Mapping):
        return "; ".join(
            f"{_(LABELS.get(str(key), str(key)))} {spelled(str(key), one)}" for key, one in value.items()
        )
    return _plain(field, value)


def _several(field: str, values: list[Any] | tuple[Any, ...]) -> str:
    return ", ".join(spelled(field, one) for one in values) or _nothing(field)


def _plain(field: str, value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None:
        return _("none")
    return _moment(value) if field in TIMES and isinstance(value, int) else _text(field, str(value))


def masked(document: str) -> str:
    """The number of a document, so that it can be told apart and not copied: ``110***********002X``."""
    ends = (document[:3], document[-4:]) if len(document) > LEGIBLE else ("", "")
    return ends[0] + "*" * (len(document) - len("".join(ends))) + ends[1]


def _moment(millis: int) -> str:
    """A moment in the room's time, with its distance to UTC."""
    try:
        local = datetime.fromtimestamp(millis / 1000, zone(str(site().get("zone", "UTC"))))
    except (OverflowError, ValueError, OSError):  # no year that there is
        return str(millis)
    return f"{local:%Y-%m-%d %H:%M:%S} UTC{local:%z}"


def _ranges(value: list[Any] | tuple[Any, ...]) -> str:
    """Which entries, and how many: the number that the button said."""
    count = sum(int(one[1]) - int(one[0]) + 1 if isinstance(one, list | tuple) else 1 for one in value)
    return _("%(which)s (%(n)s entries)", which=", ".join(_range(one) for one in value), n=count)


def _asked(text: str) -> str:
    """A question of the review in words."""
    known = {**GROUPS, **ONLY}
    told = [
        f"{_(ASKED.get(name, name))} {_(known[value]) if value in known else value}".removesuffix(" 1")
        for name, value in parse_qsl(text)
    ]
    return "; ".join(told) or _("the whole log")


def _form(text: str) -> str:
    return _(FORMS[text]) if text in FORMS else text


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
    return spell(text) if spell else text or _("none")


def _digest(text: str) -> str:
    return text[:16]


SPELLED = {
    "visit": _visit,
    "visits": _visit,
    "document": masked,
    "credential": letters_of,
    "roles": role_name,
    "digest": _digest,
    "filter": _asked,
    "form": _form,
}
