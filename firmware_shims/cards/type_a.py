"""A contactless card of type A as the field sees it (ISO/IEC 14443-3): a number, a promise, a voice.

Rule 1: it answers frames and knows of no reader; what it remembers dies with the field.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace

SIZES = (4, 7, 10)
"""Bytes of a UID (6.5.4)."""
STORAGE, ISO_DEP = 0x08, 0x20
"""Answers to select of a storage card, and of one that speaks ISO/IEC 14443-4 (table 9)."""


def mute(_: bytes) -> bytes | None:
    """Say nothing."""
    return None


def nothing() -> None:
    """Remember nothing, so that there is nothing to forget."""


@dataclass(frozen=True, slots=True)
class Card:
    """A card: UID of 4, 7 or 10 bytes, SAK, and what it answers to a frame (None: nothing).

    Without a SAK of its own it has the one that fits: a card that talks speaks ISO/IEC 14443-4. ``reset`` is
    called when the field goes. ``torn`` is a card at the edge of the field: it answers the call but not the
    selection. With ``random_uid`` it takes a new UID with every field, as telephones do (6.5.4). Raises
    ValueError for a UID of another size.
    """

    uid: bytes
    sak: int | None = None
    talk: Callable[[bytes], bytes | None] = mute
    torn: bool = False
    reset: Callable[[], None] = nothing
    random_uid: bool = False

    def __post_init__(self) -> None:
        if len(self.uid) not in SIZES:
            raise ValueError(f"a UID has 4, 7 or 10 bytes, not {len(self.uid)}")

    def without_field(self) -> Card:
        """The card after the field has gone: all is forgotten, even a random UID."""
        self.reset()
        return replace(self, uid=b"\x08" + secrets.token_bytes(3)) if self.random_uid else self

    @property
    def selected(self) -> int:
        """Its answer to select (SAK)."""
        if self.sak is not None:
            return self.sak
        return STORAGE if self.talk is mute else ISO_DEP
