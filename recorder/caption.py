"""What stands beside the pixels of a picture: where, why and when, as a comment segment of the JPEG.

    {"site":"Bank","place":"vault","why":"room_opened","shot":17,"camera":"door","moment":-2000,
     "taken":-1987,"time":"2026-11-22T06:31:00.013Z","clock":"good","masked":true}

Rule 1: the evidence pixels are untouched; the comment is COM of ISO/IEC 10918-1 B.2.4.5, first after SOI.
Rule 2: reading it needs nothing but this file, and is strict.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta

from recorder.messages.orders import Moment
from recorder.messages.shapes import BadMessageError, Number, Shape

_HEAD = b"\xff\xd8\xff\xfe"  # SOI, COM
LONGEST = 8_192
"""Bytes of the JSON."""


class CaptionError(ValueError):
    """A picture has no caption, or none that is spelled as here."""


@dataclass(frozen=True, slots=True)
class Caption(Shape):
    """``moment`` is what was wanted and ``taken`` what it is, in milliseconds after the event.

    ``time`` is UTC of the frame by the clock of the log, whose quality was ``clock``; empty when unknown.
    """

    site: Annotated[str, Meta(max_length=200)]
    place: Annotated[str, Meta(max_length=200)]
    why: Annotated[str, Meta(max_length=200)]
    shot: Number
    camera: Annotated[str, Meta(max_length=32)]
    moment: Moment
    taken: Moment
    time: Annotated[str, Meta(max_length=40)]
    clock: Annotated[str, Meta(max_length=40)]
    masked: bool

    def spelled(self) -> str:
        """The JSON; raises BadMessageError where a limit is not kept."""
        return json.dumps(self.plain(), ensure_ascii=False, separators=(",", ":"))


def time_of_frame(event: str, taken: int) -> str:
    """UTC of a frame ``taken`` milliseconds after an event of that time (ISO 8601); "" for no such time."""
    try:
        when = datetime.fromisoformat(event) + timedelta(milliseconds=taken)
    except (ValueError, OverflowError):
        return ""
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def caption_of(jpeg: bytes) -> Caption:
    """The caption of an opened picture; raises CaptionError."""
    length = int.from_bytes(jpeg[4:6])
    said = jpeg[6 : 4 + length]
    if not jpeg.startswith(_HEAD) or not 2 < length <= LONGEST + 2 or len(said) != length - 2:
        raise CaptionError("this picture begins with no caption")
    try:
        caption = Caption.of(json.loads(said.decode()))
        whole = caption.spelled().encode() == said
    except (BadMessageError, ValueError, RecursionError):
        whole = False
    if not whole:
        raise CaptionError("the caption of this picture is not spelled as it should be")
    return caption
