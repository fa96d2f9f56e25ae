"""From a ringed frame to what the controller gets: checked, captioned and sealed. It keeps nothing.

Rule 1: a picture is a whole JPEG within the limits, masked where masks are configured, or there is none.
Rule 2: its pixels go on as they came out of the ring.
"""

from __future__ import annotations

from hardware.cameras.jpeg import JpegError, Limits, check, commented, size_of, thumbnail
from hardware.cameras.ring import Frame
from recorder.caption import Caption, time_of_frame
from recorder.messages import NoPicture, Picture, Snapshot, Wanted
from recorder.seal import SealError, seal

THUMBNAIL_WIDTH = 320


def developed(
    frame: Frame, snapshot: Snapshot, wanted: Wanted, limits: Limits, *, masks: bool
) -> tuple[Picture | NoPicture, ...]:
    """Thumbnail and picture of a frame, in that order, or why there is none."""
    if masks and not frame.masked:
        return (missing(snapshot, wanted, "broken"),)
    try:
        check(frame.jpeg, limits)
        small = thumbnail(frame.jpeg, THUMBNAIL_WIDTH, limits)
        return (
            _sealed(frame, small, snapshot, wanted, limits, is_thumbnail=True),
            _sealed(frame, frame.jpeg, snapshot, wanted, limits, is_thumbnail=False),
        )
    except JpegError as error:
        return (missing(snapshot, wanted, error.why),)
    except SealError:
        return (missing(snapshot, wanted, "too_big"),)
    except MemoryError:
        return (missing(snapshot, wanted, "no_room"),)


def missing(snapshot: Snapshot, wanted: Wanted, why: str) -> NoPicture:
    """There is no such picture."""
    return NoPicture(snapshot.shot, wanted.camera, wanted.moment, why)


def taken(frame: Frame, snapshot: Snapshot) -> int:
    """Milliseconds of a frame after the event."""
    return round((frame.at - snapshot.monotonic) * 1_000)


def _sealed(
    frame: Frame, jpeg: bytes, snapshot: Snapshot, wanted: Wanted, limits: Limits, *, is_thumbnail: bool
) -> Picture:
    caption = _caption(frame, snapshot, wanted).spelled()
    width, height = size_of(jpeg, limits)
    return Picture(
        shot=snapshot.shot,
        camera=wanted.camera,
        moment=wanted.moment,
        taken=taken(frame, snapshot),
        width=width,
        height=height,
        masked=frame.masked,
        thumbnail=is_thumbnail,
        sealed=seal(commented(jpeg, caption), snapshot.recipients),
    )


def _caption(frame: Frame, snapshot: Snapshot, wanted: Wanted) -> Caption:
    said, after = snapshot.caption, taken(frame, snapshot)
    return Caption(
        site=said.site,
        place=said.place,
        why=said.why,
        shot=snapshot.shot,
        camera=wanted.camera,
        moment=wanted.moment,
        taken=after,
        time=time_of_frame(said.time, after),
        clock=said.clock,
        masked=frame.masked,
    )
