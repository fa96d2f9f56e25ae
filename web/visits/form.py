"""A visit as it was filled in at the desk. Rule: what does not fit is said beside its field, at once.

The controller judges all of it again; here it is only said early, and in words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from controller.core.documents import Document, DocumentKind, DocumentWrongError, document, spelled
from controller.core.visit_words import OTHER
from web.desk import site
from web.i18n import _
from web.order_form import Sent
from web.visits.areas import doors_of
from web.visits.begun import begun
from web.visits.hosts import meant
from web.visits.words import FAULTS, MACHINE_FAULT, purposes
from web.zones import zone

LENGTHS = (30, 60, 120, 240, 480)
"""Minutes of a visit that can be chosen."""
LONGEST, LONGEST_GROUP, DAY_MS = 200, 40, 86_400_000
MINUTE_MS = 60_000
FLAGS = ("instruction_given", "privacy_notice_given")
_HK = re.compile(r"[HM][0-9]{8}([0-9]{2})?").fullmatch
_TAIWAN = re.compile(r"[0-9]{8}").fullmatch
_RESIDENT = 18
_is_digest = re.compile(r"[0-9a-f]{64}").fullmatch


@dataclass(slots=True)
class Filled:
    """``fields`` for the Asking, and what is ``wrong`` by the name of a field."""

    fields: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)


def room_time(view: Mapping[str, Any]) -> datetime:
    """The room's clock in the room's zone."""
    here = zone(str(site().get("zone", "UTC")))
    return datetime.fromtimestamp(int(view["wall_ms"]) / 1000, UTC).astimezone(here)


def kind_of(text: str) -> DocumentKind:
    """Which document a number looks like; whoever knows better chooses it."""
    number = spelled(text)
    if len(number) == _RESIDENT and number[:-1].isdecimal():
        return DocumentKind.RESIDENT_ID
    if _HK(number):
        return DocumentKind.HK_MACAO_PERMIT
    if _TAIWAN(number):
        return DocumentKind.TAIWAN_PERMIT
    return DocumentKind.RESIDENT_ID if number.isdecimal() else DocumentKind.PASSPORT


def judged(kind: str, text: str, today: date) -> Document:
    """The document of a number as typed, its kind guessed where it is ""; raises DocumentWrongError."""
    return document(kind or kind_of(text), text, today)


def why_wrong(error: DocumentWrongError) -> str:
    """What is wrong with a document, in words."""
    return _(FAULTS.get(error.fault, MACHINE_FAULT))


def filled(sent: Sent, view: Mapping[str, Any]) -> Filled:
    """Read the form of a visit."""
    made = Filled()
    _document(sent, view, made)
    _texts(sent, made)
    host = meant(sent.get("host", "").strip(), view)
    _put(made, "host", host, _("Choose one person. Type a name, or its initials in pinyin, as wjg."))
    _purpose(sent, made)
    _put(made, "areas", doors_of(sent.getlist("areas"), view, host), _("Tick at least one area."))
    _times(sent, view, made)
    if _is_digest(sent.get("photo", "")):
        made.fields["photo"] = sent.get("photo", "")
    made.fields |= {flag: True for flag in FLAGS if sent.get(flag, "")}
    return made


def _put(made: Filled, name: str, value: object, wrong: str) -> None:
    if value:
        made.fields[name] = value
    else:
        made.wrong[name] = wrong


def _document(sent: Sent, view: Mapping[str, Any], made: Filled) -> None:
    text = sent.get("document", "").strip()
    if not text:
        return  # somebody who comes later shows it then
    try:
        found = judged(sent.get("document_kind", ""), text, room_time(view).date())
    except DocumentWrongError as error:
        made.wrong["document"] = why_wrong(error)
    else:
        made.fields |= {"document": found.number, "document_kind": found.kind.value}


def _texts(sent: Sent, made: Filled) -> None:
    _put(
        made,
        "name",
        sent.get("name", "").strip()[:LONGEST],
        _("Write the name as it stands in the document."),
    )
    for name, most in (("company", LONGEST), ("contact", LONGEST), ("group", LONGEST_GROUP)):
        if text := sent.get(name, "").strip():
            made.fields[name] = text[:most]


def _purpose(sent: Sent, made: Filled) -> None:
    chosen = sent.get("purpose", "")
    words = sent.get("purpose_words", "").strip()[:LONGEST] if chosen == OTHER else chosen
    is_known = chosen == OTHER or chosen in purposes()
    _put(made, "purpose", words if is_known else "", _("Choose a purpose, or write it down."))


def _times(sent: Sent, view: Mapping[str, Any], made: Filled) -> None:
    now = int(view["wall_ms"])
    text = sent.get("from", "")
    starts = moment_of(text) if text else begun(sent.get("key", ""), now)
    minutes = sent.get("minutes", "")
    ends = moment_of(sent.get("until", ""))
    if starts is not None and minutes.isascii() and minutes.isdecimal() and len(minutes) < len("10000"):
        ends = starts + int(minutes) * MINUTE_MS
    if starts is None:
        made.wrong["from"] = _("Write day and time.")
    elif ends is None or not starts < ends <= starts + DAY_MS or ends <= now:
        made.wrong["until"] = _("The end comes after the beginning and after now, and within a day.")
    else:
        made.fields |= {"from": starts, "until": ends}


def local_input(ms: object) -> str:
    """A moment as the browser's own field for times wants it; "" for none."""
    if not str(ms or "").isdecimal():
        return ""
    here = zone(str(site().get("zone", "UTC")))
    return datetime.fromtimestamp(int(str(ms)) / 1000, UTC).astimezone(here).strftime("%Y-%m-%dT%H:%M")


def moment_of(text: str) -> int | None:
    """UTC milliseconds of a time on the room's clock (``2026-03-02T09:30``), None for anything else."""
    try:
        typed = datetime.fromisoformat(text[:16])
    except ValueError:
        return None
    here = zone(str(site().get("zone", "UTC")))
    return int(typed.replace(tzinfo=here).timestamp() * 1000)
