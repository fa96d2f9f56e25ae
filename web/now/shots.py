"""What cameras saw of an alarm: before, at and after it, or why there is no picture.

Rule: a picture is named by Entry, camera and moment; nothing is opened here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from controller.core.words import Kind
from controller.errors import IronroomError
from web.i18n import N_, _, unseen_sentence
from web.log import reader

Entry = Mapping[str, Any]
BEFORE, AT, AFTER = N_("before"), N_("at that moment"), N_("after")
LATEST = 6
"""Answers that one Snapshot can have, with some to spare: now, after, and what was missing."""
LATER = 2_000
"""Entries behind a Snapshot in which its answers stand: they are bounded in time."""
NEARBY = 8
"""Entries before an alarm in which its Snapshot may stand: the fact itself is pictured first."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture that was asked for; ``n`` is the Entry that has it, None for none: then ``why`` says so."""

    camera: str
    moment: int  # milliseconds from the event
    n: int | None = None
    why: str = ""

    @property
    def when(self) -> str:
        """Before, at or after it."""
        return _(BEFORE if self.moment < 0 else AFTER if self.moment else AT)

    @property
    def seconds(self) -> str:
        """How far from it, such as -2 s; "" for the moment itself."""
        return _("%(s)s s", s=f"{self.moment / 1000:+g}") if self.moment else ""


def shots(n: int, place: str, kind: str) -> list[Shot]:
    """Pictures of an alarm by its Entry, by camera and moment; [] where none were asked for."""
    try:
        asked = _asked(n, place, kind)
        found = list(_answered(asked, place)) if asked else []
    except IronroomError:
        return []
    have = {(one.camera, one.moment) for one in found}
    wanted = (asked or {}).get("wanted", ())
    waiting = [_waits(one) for one in wanted if (one["camera"], one["moment"]) not in have]
    return sorted([*found, *waiting], key=lambda one: (one.camera, one.moment))


def _waits(one: Entry) -> Shot:
    return Shot(str(one["camera"]), int(one["moment"]), why=_("on its way"))


def _asked(n: int, place: str, kind: str) -> Entry | None:
    """The Snapshot of an alarm: the first behind it that is of it, or that of the fact just before it."""
    near = list(reader().entries(after=n - NEARBY, before=n + NEARBY, kind=Kind.SNAPSHOT, place=place))
    own = [one for one in near if one.get("why") == kind]
    return next(iter(own or near[-1:]), None)


def _answered(asked: Entry, place: str) -> Iterator[Shot]:
    for kind in (Kind.PICTURES_TAKEN, Kind.NO_PICTURE):
        n = int(asked["n"])
        for one in reader().entries(after=n, before=n + LATER, kind=kind, place=place, limit=LATEST):
            if one.get("shot") == asked.get("shot"):
                yield from _of(one)


def _of(answer: Entry) -> Iterator[Shot]:
    for one in answer.get("pictures", ()):
        if not one.get("thumbnail"):
            yield Shot(str(one["camera"]), int(one["moment"]), int(answer["n"]))
    for one in answer.get("missing", ()):
        why = unseen_sentence(str(one.get("why", "")))
        yield Shot(str(one["camera"]), int(one["moment"]), why=why)
