"""The two halves of a site key, as two people keep them: 64 hexadecimal digits and a check group.

    4F2A 91C0 … (16 groups of four) … 7D11-3A9C

Rule 1: one half alone says nothing about the key: the key is both halves added bit by bit (XOR).
Rule 2: a half that was mistyped is refused by its own check group, which gives nothing of the key away.
"""

from __future__ import annotations

import re
import secrets
from hashlib import sha256

from controller.errors import UserMistake

HALF_BYTES = 32
_CHECK_DIGITS = 4
_SPACES = re.compile(r"[\s-]+")
_SPELLED = re.compile(rf"[0-9A-F]{{{2 * HALF_BYTES + _CHECK_DIGITS}}}")


class WrongHalf(UserMistake):
    """What was typed is no half of a site key."""


def new_halves() -> tuple[str, str]:
    """Two halves of a fresh key, as they are written down."""
    return spelled(secrets.token_bytes(HALF_BYTES)), spelled(secrets.token_bytes(HALF_BYTES))


def spelled(half: bytes) -> str:
    """A half in groups of four digits with its check group."""
    digits = half.hex().upper()
    groups = [digits[i : i + 4] for i in range(0, len(digits), 4)]
    return f"{' '.join(groups)}-{_check(half)}"


def half_of(typed: str) -> bytes:
    """The half that was typed, with or without spaces; raises WrongHalf."""
    digits = _SPACES.sub("", typed).upper()
    if not _SPELLED.fullmatch(digits):
        raise WrongHalf("a half has 16 groups of four digits (0-9, A-F) and a check group; type it again")
    half = bytes.fromhex(digits[:-_CHECK_DIGITS])
    if not secrets.compare_digest(digits[-_CHECK_DIGITS:], _check(half)):
        raise WrongHalf("the check group does not fit: there is a mistyped digit; type the half again")
    return half


def joined(one: bytes, other: bytes) -> bytes:
    """The key two halves make; raises WrongHalf when they are the same half."""
    if secrets.compare_digest(one, other):
        raise WrongHalf("that is the same half twice; each of the two people types their own")
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def _check(half: bytes) -> str:
    return sha256(b"ironroom half" + half).hexdigest().upper()[:_CHECK_DIGITS]
