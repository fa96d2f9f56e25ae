"""What became of every picture that was asked for: it is on disk, or there is a reason why not.

Rule 1: each part of a Snapshot is answered by exactly one Entry, whatever the recorder says or leaves out.
Rule 2: the recorder is not trusted: what was not asked for, was answered before or is not well formed is
not believed. A picture that is left out of an answer is missing in its Entry.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from controller.core.effects import Body
from controller.core.eye_events import PicturesTaken
from controller.core.remembered import Shot
from controller.core.turn import Turn
from controller.core.unseen import Unseen
from controller.core.words import Kind

MOST = 1_024  # of what one answer lists is looked at
LARGEST = 64 * 1024 * 1024  # bytes of a sealed picture
HOUR_MS = 3_600_000
_sha256 = re.compile(r"[0-9a-f]{64}").fullmatch


def _whole(least: int, most: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and least <= value <= most


def _flag(value: Any) -> bool:
    return type(value) is bool


FIELDS: dict[str, Callable[[Any], bool]] = {
    "sha256": lambda value: isinstance(value, str) and _sha256(value) is not None,
    "size": _whole(1, LARGEST),
    "camera": lambda value: isinstance(value, str),
    "moment": _whole(-HOUR_MS, HOUR_MS),
    "taken": _whole(-HOUR_MS, HOUR_MS),
    "width": _whole(1, 65_535),
    "height": _whole(1, 65_535),
    "masked": _flag,
    "thumbnail": _flag,
}
COUNTS = ("seen", "missed", "gap_ms")


def taken(turn: Turn, told: PicturesTaken) -> None:
    """The recorder answered one part of a Snapshot."""
    shot = turn.state.open_shots.get(str(told.shot)) if type(told.shot) is int else None
    if shot is None or told.part not in shot.waits:
        return
    pictures = list(_pictures(shot, told))
    missing = _missing(shot, told, pictures)
    more: Body = {"missing": missing, "frames": _frames(shot, told.frames)}
    if pictures:
        which: Body = {"why": shot.why, "shot": told.shot, "part": told.part}
        turn.write(Kind.PICTURES_TAKEN, shot.place, **which, pictures=pictures, **more)
    else:
        turn.unpictured(told.shot, told.part, Unseen(missing[0]["why"]), **more)


def _pictures(shot: Shot, told: PicturesTaken) -> Iterator[Body]:
    """Pictures of this part that are well formed: of each wanted one the first, and its thumbnail."""
    wanted = {(one.camera, one.moment) for one in shot.of(told.part)}
    seen: set[Any] = set()
    given: Any
    for given in islice(told.pictures, MOST):
        if not isinstance(given, Mapping) or not all(name in given for name in FIELDS):
            continue
        one = {name: given[name] for name in FIELDS}
        if not all(fits(one[name]) for name, fits in FIELDS.items()):
            continue
        which = (one["camera"], one["moment"])
        if which in wanted and not {(*which, one["thumbnail"]), one["sha256"]} & seen:
            seen |= {(*which, one["thumbnail"]), one["sha256"]}
            yield one


def _missing(shot: Shot, told: PicturesTaken, pictures: list[Body]) -> list[Body]:
    """Every wanted picture that is not there, each with its reason."""
    there = {(one["camera"], one["moment"]) for one in pictures if not one["thumbnail"]}
    said = dict(_said(told))
    lacks = [one for one in shot.of(told.part) if (one.camera, one.moment) not in there]
    return [
        {"camera": o.camera, "moment": o.moment, "why": said.get((o.camera, o.moment), Unseen.BROKEN).value}
        for o in lacks
    ]


def _said(told: PicturesTaken) -> Iterator[tuple[tuple[str, int], Unseen]]:
    given: Any
    for given in islice(told.missing, MOST):
        if not isinstance(given, Mapping):
            continue
        camera, moment, why = (given.get(name) for name in ("camera", "moment", "why"))
        if isinstance(camera, str) and type(moment) is int and isinstance(why, str) and why in set(Unseen):
            yield (camera, moment), Unseen(why)


def _frames(shot: Shot, given: Any) -> Body:
    """What the streams of these cameras gave around the event, where it was counted."""
    if not isinstance(given, Mapping):
        return {}
    counted = {one.camera: given.get(one.camera) for one in shot.wanted}
    fits = _whole(0, 10**9)
    return {
        camera: {name: counts[name] for name in COUNTS}
        for camera, counts in counted.items()
        if isinstance(counts, Mapping) and all(fits(counts.get(name)) for name in COUNTS)
    }


def silent(turn: Turn, *, number: str, part: str) -> None:
    """Nobody has answered in time."""
    turn.unpictured(int(number), part, Unseen.RECORDER_SILENT)


def interrupted(turn: Turn) -> None:
    """The controller was restarted: whatever is answered now, nobody has waited for it."""
    for number, shot in list(turn.state.open_shots.items()):
        for part in shot.waits:
            turn.unpictured(int(number), part, Unseen.INTERRUPTED)
