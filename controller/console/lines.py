"""What the console's desk understands: one JSON object a line, with ``do``, strictly or not at all.

    {"do": "who", "token": "…", "quiet": true}
    {"do": "ask", "token": "…", "ask": "acknowledge", "fields": {"alarm": "forced", …}, "key": "8c1d"}

Rule 1: every request stands in ``REQUESTS`` with all its fields; one more or one of another type is refused.
Rule 2: nothing here names who asks; only a token does, and the desk knows whose that is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from controller.gate_lines import LONGEST_LINE as LONGEST_OTHER
from controller.gate_lines import BadLineError, one_object

__all__ = ["LONGEST_ANSWER", "LONGEST_LINE", "REQUESTS", "BadLineError", "Request", "parsed"]

LONGEST_ANSWER = 12 << 20
"""Bytes of the longest answer: a picture in base64."""
LONGEST_LINE = 160_000
"""Bytes of the longest line: a photograph in base64; any other is as short as at the gate."""
PHOTO = "keep_photo"


@dataclass(frozen=True, slots=True)
class Text:
    """A text of at most ``most`` characters; None means that the field must be there."""

    most: int = 200
    absent: str | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false; false where it is absent."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """An object; empty where it may be absent."""

    needed: bool = False


NAME, TOKEN, SEAT, OPTIONAL = Text(), Text(), Text(absent=""), Text(absent="")
HANDLE, CREDENTIAL, WORDS = Text(), Mapped(needed=True), Text(500, "")
SECRET = Text(1_000)
Spec = Mapping[str, Text | Flag | Whole | Mapped]

REQUESTS: Mapping[str, Spec] = MappingProxyType(
    {
        "site": {},
        "passkey_options": {},
        "sign_in": {"handle": HANDLE, "credential": CREDENTIAL, "seat": SEAT},
        "sign_in_password": {"person": NAME, "password": SECRET, "code": OPTIONAL, "seat": SEAT},
        "set_up_begin": {"person": NAME, "code": SECRET},
        "set_up_finish": {"handle": HANDLE, "credential": CREDENTIAL, "label": OPTIONAL, "seat": SEAT},
        "set_up_password": {"person": NAME, "code": SECRET, "password": SECRET},
        "set_up_codes": {"handle": HANDLE, "code": NAME, "seat": SEAT},
        "who": {"token": TOKEN, "quiet": Flag()},
        "prove": {"token": TOKEN, "handle": HANDLE, "credential": CREDENTIAL},
        "prove_password": {"token": TOKEN, "password": SECRET, "code": OPTIONAL},
        "sign_out": {"token": TOKEN},
        "sessions": {"token": TOKEN},
        "end_session": {"token": TOKEN, "id": NAME},
        "passkey_begin": {"token": TOKEN},
        "passkey_finish": {"token": TOKEN, "handle": HANDLE, "credential": CREDENTIAL, "label": OPTIONAL},
        "offered": {"token": TOKEN},
        "set_password": {"token": TOKEN, "old": Text(1_000, ""), "password": SECRET},
        "totp_begin": {"token": TOKEN},
        "totp_finish": {"token": TOKEN, "code": NAME},
        "room": {"token": TOKEN, "quiet": Flag(), "whole": Flag()},
        "ask": {"token": TOKEN, "ask": NAME, "fields": Mapped(), "key": OPTIONAL},
        "propose": {"token": TOKEN, "ask": NAME, "fields": Mapped()},
        "sign": {"token": TOKEN, "command": NAME, "handle": HANDLE, "credential": CREDENTIAL},
        "sign_options": {"token": TOKEN, "command": NAME},
        "commands": {"token": TOKEN, "quiet": Flag()},
        "withdraw": {"token": TOKEN, "command": NAME},
        "look": {"token": TOKEN, "what": NAME, "filter": WORDS, "words": WORDS, "quiet": Flag()},
        "picture": {
            "token": TOKEN,
            "shot_n": Whole(),
            "camera": NAME,
            "moment": Whole(),
            "size": NAME,
        },
        "visitor": {"token": TOKEN, "document": NAME},
        "pass_code": {"token": TOKEN, "visit": NAME},
        "pass_of": {"token": TOKEN, "code": NAME},
        PHOTO: {"token": TOKEN, "jpeg": Text(140_000)},
        "photo": {"token": TOKEN, "digest": NAME},
    }
)


@dataclass(frozen=True, slots=True)
class Request:
    """One request, with every field of its row."""

    do: str
    fields: Mapping[str, Any] = field(repr=False)


def parsed(line: bytes) -> Request:
    """The request of a line; raises BadLineError with a sentence."""
    said = one_object(line)
    do = said.pop("do", None)
    if not isinstance(do, str) or do not in REQUESTS:
        raise BadLineError('"do" with a request that the desk knows')
    if len(line) > LONGEST_OTHER and do != PHOTO:
        raise BadLineError(f"{do}: at most {LONGEST_OTHER} bytes")
    spec = REQUESTS[do]
    if strange := set(said) - set(spec):
        raise BadLineError(f"{do}: no field {min(strange)[:40]!r}")
    return Request(do, {name: _value(do, name, row, said.get(name)) for name, row in spec.items()})


def _value(do: str, name: str, row: Text | Flag | Whole | Mapped, given: object) -> object:
    match row, given:
        case (Text(absent=str()), None):
            return row.absent
        case (Text(), str()) if len(given) <= row.most:
            return given
        case (Flag(), None):
            return False
        case (Mapped(needed=False), None):
            return {}
        case (Flag(), bool()) | (Mapped(), dict()):
            return given
        case (Whole(), int()) if not isinstance(given, bool):
            return given
    raise BadLineError(f"{do}: {name!r} is missing, too long or of another type")
