"""What an Asking says of a visit: read strictly, and parted into what may stand in a leaf and what may not.

Rule: name, document, company, contact, the photograph's digest and a purpose in free words are personal.
They go into the Entry's ``personal`` and nowhere else; of the document the state has its keyed tag.

    {"kind": "visit_requested", "visit": "v1", "visitor": "visitor-1", "host": "li", "areas": ["main"],
     "starts": 1772413200000, "ends": 1772420400000, "purpose": "meeting", "tag": "5f…", "identified": true,
     "personal": {"visitor-1": {"name": "Anna Berg", "document": "E12345678"}}, …}
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from controller.core.documents import DocumentWrongError, document, document_tag
from controller.core.effects import Answer, Body
from controller.core.enrolment import LONGEST, NotUnderstoodError, instant
from controller.core.schedule import local
from controller.core.sentences import NEEDS
from controller.core.turn import Turn
from controller.core.visit_words import OTHER
from controller.core.words import Reason

LONGEST_NAME = 40  # of a group, a locker
LONGEST_NOTE = 500
MOST_DEVICES = 20
LONGEST_VISIT_MS = 86_400_000
"""A pass is for a day at most: in the evening every badge is back in its box, or missed."""
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(slots=True)
class Said:
    """What is said of a visit: ``body`` for the leaf, ``personal`` beside it, the document's number."""

    body: Body = field(default_factory=dict)
    personal: dict[str, str] = field(default_factory=dict)
    number: str = ""


def refuse(turn: Turn, reason: Reason, **more: Any) -> None:
    """Answer no, and tell which of it."""
    turn.answer = Answer(reason, NEEDS[reason], more)


def text(value: Any, longest: int = LONGEST) -> str:
    """A text of at least one character; NotUnderstoodError otherwise."""
    if not isinstance(value, str) or not value.strip() or len(value) > longest:
        raise NotUnderstoodError
    return value.strip()


def truth(value: Any) -> bool:
    """Yes or no; NotUnderstoodError otherwise."""
    if not isinstance(value, bool):
        raise NotUnderstoodError
    return value


def _purpose(turn: Turn, value: Any, said: Said) -> None:
    words = text(value)
    said.body["purpose"] = words if words in turn.plan.purposes else OTHER
    if words not in turn.plan.purposes:
        said.personal["purpose"] = words


def host_of(turn: Turn, value: Any) -> str:
    """Somebody of the staff whose rights are in force."""
    person = text(value)
    holder = turn.state.people.get(person)
    if holder is None or holder.visitor or not holder.in_force(turn.at + turn.state.offset):
        raise NotUnderstoodError
    return person


def _host(turn: Turn, value: Any, said: Said) -> None:
    said.body["host"] = host_of(turn, value)


def _areas(turn: Turn, value: Any, said: Said) -> None:
    known = isinstance(value, list) and value and all(isinstance(d, str) for d in value)
    if not known or not set(value) <= set(turn.plan.doors):
        raise NotUnderstoodError
    said.body["areas"] = sorted(set(value))


def _photo(turn: Turn, value: Any, said: Said) -> None:
    del turn
    said.personal["photo"] = photo_of(value)
    said.body["photographed"] = True


def photo_of(value: Any) -> str:
    """SHA-256 of a photograph, 64 hexadecimal digits."""
    if not isinstance(value, str) or not _DIGEST.fullmatch(value):
        raise NotUnderstoodError
    return value


def _claim(name: str) -> Callable[[Turn, Any, Said], None]:
    def read(_: Turn, value: Any, said: Said) -> None:
        said.personal[name] = text(value)

    return read


def _flag(name: str) -> Callable[[Turn, Any, Said], None]:
    def read(_: Turn, value: Any, said: Said) -> None:
        said.body[name] = truth(value)

    return read


def _instant(name: str) -> Callable[[Turn, Any, Said], None]:
    def read(_: Turn, value: Any, said: Said) -> None:
        said.body[name] = instant(name, value)

    return read


def _group(turn: Turn, value: Any, said: Said) -> None:
    del turn
    said.body["group"] = text(value, LONGEST_NAME)


FIELDS: dict[str, Callable[[Turn, Any, Said], None]] = {
    **{name: _claim(name) for name in ("name", "company", "contact")},
    "purpose": _purpose,
    "host": _host,
    "areas": _areas,
    "from": _instant("starts"),
    "until": _instant("ends"),
    "group": _group,
    "photo": _photo,
    "instruction_given": _flag("instructed"),
    "privacy_notice_given": _flag("informed"),
}


def said_of(turn: Turn, given: Mapping[str, Any]) -> Said:
    """Everything an Asking says; NotUnderstoodError at a strange field, DocumentWrongError at its number.

    A field that is empty was left empty on the page: it says nothing.
    """
    said = Said()
    rest = {name: value for name, value in given.items() if value not in ("", None)}
    _document(turn, rest.pop("document", None), rest.pop("document_kind", None), said)
    for name, value in rest.items():
        if name not in FIELDS:
            raise NotUnderstoodError(name)
        FIELDS[name](turn, value, said)
    return said


def _document(turn: Turn, number: Any, kind: Any, said: Said) -> None:
    if number is None:
        return
    today = local(turn.at + turn.state.offset, turn.plan.zone).date()
    shown = document(text(kind), text(number), today)
    said.number = shown.number
    said.personal["document"] = shown.number
    said.body |= {
        "document_kind": shown.kind.value,
        "identified": True,
        "tag": document_tag(turn.pepper, shown.number),
    }


def sealed_for(visitor: str, *photos: str) -> Body:
    """What an Entry that names a photograph says beside it: whose key of pictures it is sealed to."""
    return {"seals": [visitor]} if any(photos) else {}


def reading(turn: Turn, given: Mapping[str, Any]) -> Said | None:
    """What an Asking says, or None where it was refused for it."""
    try:
        return said_of(turn, given)
    except DocumentWrongError as wrong:
        refuse(turn, Reason.DOCUMENT_WRONG, check=wrong.fault.value)
    except NotUnderstoodError:
        turn.deny(Reason.NOT_UNDERSTOOD)
    return None


def times_are_right(turn: Turn, starts: int, ends: int) -> bool:
    """Tell whether a visit ends after it starts and after now, and is not longer than a day."""
    return starts < ends <= starts + LONGEST_VISIT_MS and ends > turn.at + turn.state.offset
