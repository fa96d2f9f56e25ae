"""Where everybody of the demo stands, and how they walk through doors, here and in the pictures.

Rule: a figure follows a badge through a door that opened; whether it opened was not decided here.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from controller.demo_cameras import DemoCameras

DOORS = {"outer": ("outside", "passage"), "main": ("passage", "vault")}


class Figures:
    """Everybody of ``people``, outside at first; ``cameras`` see them walk, where there are any."""

    def __init__(self, people: Iterable[str], cameras: DemoCameras | None) -> None:
        self.places = dict.fromkeys(people, "outside")
        self._order, self._cameras = list(self.places), cameras
        self._going: dict[str, dict[str, str]] = {door: {} for door in DOORS}
        self._walking: set[str] = set()

    def goes(self, person: str, reader: str) -> None:
        """Somebody badges at a reader, and means to pass its door."""
        door, _, side = reader.partition(".")
        if door in DOORS:
            self._going[door][person] = DOORS[door][side == "in"]

    def walk(self, door: str) -> None:
        """A door stands open: whoever means to pass it begins to."""
        for person, place in self._going[door].items():
            stands = self.places[person]
            if stands in DOORS[door] and stands != place and person not in self._walking:
                self._walking.add(person)
                self._seen(person, door, place)

    def arrive(self, door: str) -> None:
        """A door is shut: whoever was let through is on the other side."""
        self.walk(door)  # who badged while it stood open
        for person, place in self._going[door].items():
            if self.places[person] in DOORS[door]:
                self.places[person] = place
        self._going[door].clear()
        self._walking.clear()

    def _seen(self, person: str, door: str, place: str) -> None:
        if self._cameras:
            with suppress(OSError):  # cameras that have died are missed by the recorder, and that is shown
                inward = place == DOORS[door][1]
                self._cameras.passes(person, self._order.index(person), door, inward=inward)
