"""What cameras, snapshots and rooms must not contradict.

Rule: see site_agreements.py; a room that waits for pictures nobody can take would stay shut for ever.
"""

from __future__ import annotations

from collections.abc import Mapping

from controller.core.plan import ShotPlan
from controller.site_eyes import RING_MS, USUAL
from controller.site_faults import Faults, Path, dotted, near
from controller.site_keys import Section
from controller.site_reading import Sections

MOST_CAMERAS = 16
MOST_PICTURES = 48
"""Pictures of one half of a Snapshot: with their thumbnails they fit into one Entry."""
OWN_MB = 100
"""Memory that a recorder needs beside its rings: libraries, and pictures that it looks at or seals."""
_SEEN = ("room", "door", "window", "cabinet")


def cameras_agree(sections: Sections, faults: Faults) -> None:
    """Cameras see what there is; one camera watches a room; the recorder is for cameras."""
    cameras = sections.of("camera")
    places = {name for kind in _SEEN for name in sections.of(kind)}
    watched: dict[str, Path] = {}
    for camera in cameras.values():
        for number, place in enumerate(camera.get("sees", ())):
            if place not in places:
                faults.add((*camera.at("sees"), number), f"there is no {place}", near(place, places))
        if "watches" in camera.values:
            _watches(camera, sections.of("room"), watched, faults)
    if len(cameras) > MOST_CAMERAS:
        last = [*cameras.values()][MOST_CAMERAS]
        faults.add(last.path, f"more than {MOST_CAMERAS} cameras", "give the others to another box")
    if not cameras:
        for word in sorted(sections.single["recorder"].given):
            faults.add(
                (*sections.single["recorder"].path, word), "has no effect: there is no camera", "remove it"
            )


def _watches(camera: Section, rooms: Mapping[str, Section], watched: dict[str, Path], faults: Faults) -> None:
    """Whether there is such a room, the camera sees it, and no other camera watches it."""
    room = camera.get("watches")
    if room not in rooms:
        faults.add(camera.at("watches"), f"there is no room {room}", near(room, rooms))
    elif (first := watched.setdefault(room, camera.path)) != camera.path:
        faults.add(camera.at("watches"), f"is already watched by {dotted(first)}", "let one camera do it")
    elif room not in camera.get("sees", (room,)):
        faults.add(camera.at("watches"), f"{room} is not among what it sees", f"add {room} to its sees")


def recorder_fits(sections: Sections, faults: Faults) -> None:
    """The rings leave the recorder the memory that it needs itself; else it starts anew for ever."""
    recorder = sections.single["recorder"]
    if any(recorder.unclear(key) for key in ("memory_mb", "ring_mb")):
        return
    memory, ring = (recorder.get(key, getattr(USUAL, key)) for key in ("memory_mb", "ring_mb"))
    if ring + OWN_MB > memory:
        key = "ring_mb" if "ring_mb" in recorder.given else "memory_mb"
        why = f"rings of {ring} MB leave too little of {memory} MB for the recorder itself"
        faults.add(recorder.at(key), why, f"write ring_mb = {memory - OWN_MB} or less, or more memory_mb")


def snapshots_agree(sections: Sections, faults: Faults) -> None:
    """Every event is described once, by cameras that exist and reach back far enough."""
    cameras, described = sections.of("camera"), dict[str, Path]()
    for one in sections.of("snapshot").values():
        for number, word in enumerate(one.get("of", ())):
            if (first := described.setdefault(word, one.path)) != one.path:
                faults.add((*one.at("of"), number), f"{word} stands in {dotted(first)} too", "write it once")
        named = one.get("cameras", tuple(cameras))
        for number, camera in enumerate(one.get("cameras", ())):
            if camera not in cameras:
                faults.add(
                    (*one.at("cameras"), number), f"there is no camera {camera}", near(camera, cameras)
                )
        _reaches(one, [cameras[name] for name in named if name in cameras], faults)
        if len(named) * (1 + len(one.get("before_s", (1,)))) > MOST_PICTURES:
            faults.add(one.path, f"more than {MOST_PICTURES} pictures of one event", "name fewer")


def _reaches(snapshot: Section, cameras: list[Section], faults: Faults) -> None:
    longest = max(snapshot.get("before_s", tuple(-m for m in ShotPlan().moments)))
    for camera in cameras:
        if camera.get("ring_s", RING_MS) <= longest:
            why = f"{camera.name} holds {camera.get('ring_s', RING_MS) / 1000:g} s only"
            faults.add(snapshot.at("before_s"), why, f"write ring_s = {longest // 1000 + 1} or more there")


def pictures_can_come(sections: Sections, faults: Faults) -> None:
    """A room that requires pictures has a camera; what is said about waiting for them has an effect."""
    for room in sections.of("room").values():
        if room.get("pictures") and not sections.of("camera"):
            faults.add(room.at("pictures"), "there is no camera", "describe one under [camera.NAME]")
        elif room.get("pictures") and not _seen(sections, room.name):
            faults.add(room.at("pictures"), "no camera sees its doors", "name them in a camera's sees")
        for key in ("picture_s", "without_picture"):
            if key in room.given and not room.get("pictures") and not room.unclear("pictures"):
                faults.add(room.at(key), 'has no effect without pictures = "required"', f"remove {key}")


def _seen(sections: Sections, room: str) -> bool:
    """Whether every door into a room is seen by a camera."""
    cameras = sections.of("camera").values()
    doors = [door.name for door in sections.of("door").values() if door.get("room") == room]
    return all(any({door, room} & {*c.get("sees", (door,))} for c in cameras) for door in doors)
