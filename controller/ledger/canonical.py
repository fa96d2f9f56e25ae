"""Canonical bytes of an entry: the only spelling that is hashed and kept. Rule 15: one spelling, no second.

Specification: RFC 8785 (JSON Canonicalization Scheme) over I-JSON (RFC 7493), narrowed:
one object; UTF-8 without byte order mark; members sorted by the UTF-16 units of their names;
no spaces; strings escaped as in RFC 8785 section 3.2.2.2; numbers are integers from -(2^53 - 1)
to 2^53 - 1, never fractions or exponents; at most 16 objects and lists inside each other; at most
65,535 bytes (a C2SP entry bundle's limit).

An example (one line, here broken in two):
    {"at":5000,"clock":"synced","kind":"granted","n":7,"place":"main","policy":"p1",
     "time":"2026-03-02T01:00:05.000Z","who":["li","wang"]}

This file knows bytes and plain values, not what an entry means.
"""

import json
import re
from collections.abc import Mapping
from typing import Annotated

import msgspec
import rfc8785

from controller.errors import EntryRefused, NotCanonical

LIMIT = 65_535
"""Bytes one entry may have: the length field of a C2SP tlog-tiles entry bundle is 16 bits wide."""

INTEGER_LIMIT = 2**53 - 1
"""Integers beyond this do not survive a reader that keeps numbers as doubles (RFC 7493 section 2.2)."""

NESTING = 16
"""Objects and lists inside each other, so that no reader of whatever stack runs out of it."""

_OBJECTS, _LISTS = (dict, Mapping), (list, tuple)  # dict first: asking an abstract class is slow
_beyond_bmp = re.compile(rb"[\xf0-\xff]").search


def encode(entry: Mapping[str, object]) -> bytes:
    """Spell an entry canonically.

    `entry` holds plain JSON values (mappings with string names, sequences, str, int, bool, None).
    Raises EntryRefused for floats, other types, integers beyond 2^53 - 1, lone surrogates, values
    nested deeper than 16, and bodies over 65,535 bytes. Afterwards `decode(encode(entry))` equals the entry.
    """
    plain = _plain(entry, NESTING)
    try:
        body = _spell(plain)
    except ValueError:
        raise EntryRefused("an entry holds half of a surrogate pair, which is no character") from None
    if len(body) > LIMIT:
        raise EntryRefused(f"an entry has {len(body)} bytes, at most {LIMIT} are kept")
    return body


def decode(body: bytes) -> dict[str, object]:
    """Read canonical bytes back into a dict of plain values.

    Raises NotCanonical for everything `encode` would not have written byte for byte: other
    spellings, repeated names, floats, large integers, surrogates, more than 65,535 bytes, and
    anything that is not one object.
    """
    if len(body) > LIMIT:
        raise NotCanonical(f"{len(body)} bytes, at most {LIMIT} are allowed")
    try:
        plain = _QUICK.decode(body)
        if _spell(plain) == body:
            return plain
    except (ValueError, RecursionError):  # perhaps only deeper nested, or wrong: the thorough way tells
        pass
    return _decode_thoroughly(body)


def _decode_thoroughly(body: bytes) -> dict[str, object]:
    try:
        entry = _READ.decode(body.decode())
        respelt = _spell(entry)
    except (ValueError, RecursionError) as error:
        raise NotCanonical(f"not strict JSON: {error}") from None
    if type(entry) is not dict:
        raise NotCanonical("not a JSON object")
    if respelt != body:
        raise NotCanonical("not the canonical spelling of RFC 8785")
    _require_shallow(entry)
    return entry


def _require_shallow(entry: dict[str, object]) -> None:
    try:
        _plain(entry, NESTING)
    except EntryRefused as error:
        raise NotCanonical(f"not allowed: {error}") from None


def _spell(value: object) -> bytes:
    # For these values msgspec writes RFC 8785 (its escapes are those of section 3.2.2.2), except that
    # it sorts names by code point: another order only where one lies beyond the BMP.
    body = _WRITE.encode(value)
    if not body.isascii() and _beyond_bmp(body):
        return rfc8785.dumps(value)  # type: ignore[arg-type]  # plain values, or _WRITE had refused
    return body


def _plain(value: object, levels: int) -> object:
    """The value in dicts and lists; refuses what json would spell silently in its own way."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        if -INTEGER_LIMIT <= value <= INTEGER_LIMIT:
            return value
        raise EntryRefused(f"an entry cannot hold {value}: integers end at 2^53 - 1")
    if not levels:
        raise EntryRefused(f"an entry holds more than {NESTING} objects and lists inside each other")
    if isinstance(value, _OBJECTS):
        return {_name(name): _plain(inner, levels - 1) for name, inner in value.items()}
    if isinstance(value, _LISTS):
        return [_plain(inner, levels - 1) for inner in value]
    raise EntryRefused(f"an entry cannot hold {type(value).__name__} {value!r}")


def _name(name: object) -> str:
    if isinstance(name, str):
        return name
    raise EntryRefused(f"an entry cannot have the name {name!r}: names are strings")


def _integer(digits: str) -> int:
    number = int(digits)
    if -INTEGER_LIMIT <= number <= INTEGER_LIMIT:
        return number
    raise ValueError(f"integer {digits[:24]} is beyond 2^53 - 1")


def _no_number(word: str) -> object:
    raise ValueError(f"{word[:24]} is not an integer")


_READ = json.JSONDecoder(parse_int=_integer, parse_float=_no_number, parse_constant=_no_number)
_WRITE = msgspec.json.Encoder(order="sorted")

# What nearly every entry is made of, checked while it is parsed; two levels below the entry itself.
_Atom = None | bool | str | Annotated[int, msgspec.Meta(ge=-INTEGER_LIMIT, le=INTEGER_LIMIT)]
_Leafy = _Atom | list[_Atom] | dict[str, _Atom]
_QUICK: msgspec.json.Decoder[dict[str, object]] = msgspec.json.Decoder(
    dict[str, _Atom | list[_Leafy] | dict[str, _Leafy]]
)
