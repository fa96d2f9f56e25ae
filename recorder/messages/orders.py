"""What the controller says to the recorder, beside its settings. Rule: see recorder/messages/__init__.py."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

from recorder.messages.settings import MOST_CAMERAS
from recorder.messages.shapes import GREATEST, Listed, Name, Named, One, Real, Shape, Text, Whole

ROOM = ("empty", "occupied", "unknown")
MOST_WANTED = 256

_RECIPIENT = re.compile(r"age1[02-9ac-hj-np-z]{58}")
Camera = Annotated[str, Name()]
Shot = Annotated[int, Whole(1)]
Moment = Annotated[int, Whole(-600_000, 600_000)]


@dataclass(frozen=True, slots=True)
class Wanted(Shape):
    """A picture of ``camera``, ``moment`` milliseconds after the event (negative: before it)."""

    camera: Camera
    moment: Moment


@dataclass(frozen=True, slots=True)
class Said(Shape):
    """What the Entry of the event says, for the caption of its pictures."""

    site: Annotated[str, Text(200)]
    place: Annotated[str, Text(200)]
    why: Annotated[str, Text(200)]
    time: Annotated[str, Text(40)]
    clock: Annotated[str, Text(40)]
    shot: Shot


@dataclass(frozen=True, slots=True)
class Snapshot(Shape):
    """Wanted pictures around an event; every one is answered by Picture or NoPicture.

    ``monotonic``: the event in seconds of CLOCK_MONOTONIC; ``recipients``: age X25519, the keys of all of
    whom are needed to open a picture; ``patience_s``: for how long the frame of the event may be waited for.
    """

    WORD: ClassVar[str] = "snapshot"

    shot: Shot
    wanted: Annotated[tuple[Wanted, ...], Listed(Wanted.of, 1, MOST_WANTED)]
    monotonic: Annotated[float, Real(0, GREATEST)]
    caption: Annotated[Said, Said.of]
    recipients: Annotated[tuple[str, ...], Listed(Text(62, _RECIPIENT), 1, 32)]
    patience_s: Annotated[float, Real(0, 60)] = 2.0


@dataclass(frozen=True, slots=True)
class Learn(Shape):
    """Take what these cameras see now as what they should see; answered by Learned."""

    WORD: ClassVar[str] = "learn"
    BARE: ClassVar[bool] = True

    cameras: Annotated[tuple[str, ...], Listed(Name(), 1, MOST_CAMERAS)]


@dataclass(frozen=True, slots=True)
class Rooms(Shape):
    """Who is registered inside, by room: empty, occupied or unknown."""

    WORD: ClassVar[str] = "rooms"
    BARE: ClassVar[bool] = True

    rooms: Annotated[Mapping[str, str], Named(One(*ROOM), 256)]


@dataclass(frozen=True, slots=True)
class Beat(Shape):
    """The controller is there."""

    WORD: ClassVar[str] = "beat"
    BARE: ClassVar[bool] = True

    n: Annotated[int, Whole(0)]
