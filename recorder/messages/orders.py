"""What the controller says to the recorder, beside its settings. Rule: see recorder/messages/__init__.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

from msgspec import Meta

from recorder.messages.settings import MOST_CAMERAS
from recorder.messages.shapes import GREATEST, Count, Name, Number, Shape, one_of

ROOM = ("empty", "occupied", "unknown")
MOST_WANTED = 256

Moment = Annotated[int, Meta(ge=-600_000, le=600_000)]
_Recipient = Annotated[str, Meta(pattern=r"^age1[02-9ac-hj-np-z]{58}\Z")]
_Word = Annotated[str, Meta(max_length=200)]
_Short = Annotated[str, Meta(max_length=40)]


@dataclass(frozen=True, slots=True)
class Wanted(Shape):
    """A picture of ``camera``, ``moment`` milliseconds after the event (negative: before it)."""

    camera: Name
    moment: Moment


@dataclass(frozen=True, slots=True)
class Said(Shape):
    """What the Entry of the event says, for the caption of its pictures."""

    site: _Word
    place: _Word
    why: _Word
    time: _Short
    clock: _Short
    shot: Number


@dataclass(frozen=True, slots=True)
class Snapshot(Shape):
    """Wanted pictures around an event; every one is answered by Picture or NoPicture.

    ``monotonic``: the event in seconds of CLOCK_MONOTONIC; ``recipients``: age X25519, the keys of all of
    whom are needed to open a picture; ``patience_s``: for how long the frame of the event may be waited for.
    """

    WORD: ClassVar[str] = "snapshot"

    shot: Number
    wanted: Annotated[tuple[Wanted, ...], Meta(min_length=1, max_length=MOST_WANTED)]
    monotonic: Annotated[float, Meta(ge=0, le=GREATEST)]
    caption: Said
    recipients: Annotated[tuple[_Recipient, ...], Meta(min_length=1, max_length=32)]
    patience_s: Annotated[float, Meta(ge=0, le=60)] = 2.0


@dataclass(frozen=True, slots=True)
class Learn(Shape):
    """Take what these cameras see now as what they should see; answered by Learned."""

    WORD: ClassVar[str] = "learn"
    BARE: ClassVar[bool] = True

    cameras: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=MOST_CAMERAS)]


@dataclass(frozen=True, slots=True)
class Rooms(Shape):
    """Who is registered inside, by room: empty, occupied or unknown."""

    WORD: ClassVar[str] = "rooms"
    BARE: ClassVar[bool] = True

    rooms: Annotated[Mapping[Name, Annotated[str, one_of(*ROOM)]], Meta(max_length=256)]


@dataclass(frozen=True, slots=True)
class Beat(Shape):
    """The controller is there."""

    WORD: ClassVar[str] = "beat"
    BARE: ClassVar[bool] = True

    n: Count
