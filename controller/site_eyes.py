"""The eyes of a site file: cameras, which events they photograph, and what the recorder may use of the box.

Rule: a password stands in none of it; the recorder has a file of its own for those.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from controller.core.plan import CameraPlan, ShotPlan
from controller.core.shots import BY_CHOICE
from controller.core.words import SILENT, AlarmKind, Kind
from controller.site_devices import at_address
from controller.site_faults import Faults, Path, shown
from controller.site_keys import Key, Section, Table
from controller.site_values import Value, choice, list_of, name, seconds, whole
from recorder.messages.settings import VERSION, CameraSettings, Settings

THOUSAND = 1_000
FRAMES, RING_MS, FAULT_MS = 10, 5_000, 10_000
USUAL = Settings(VERSION, "", {})
"""What the recorder may use where the site file says nothing."""
_AREA = re.compile(r"([0-9]{1,4}),([0-9]{1,4}),([0-9]{1,4}),([0-9]{1,4})")
_AREA_RIGHT = 'an area "left,top,width,height" in thousandths of the picture, such as "0,0,250,100"'
_ALARMS = tuple(kind.value for kind in AlarmKind if kind not in SILENT)
PHOTOGRAPHED: tuple[str, ...] = (
    *(kind.value for kind in (Kind.GRANTED, Kind.APPROVED, Kind.ROOM_OPENED, Kind.FIRE)),
    *_ALARMS,
    *(kind.value for kind in Kind if kind in BY_CHOICE),
)
"""Entries and alarms that pictures are taken of; of those in ``BY_CHOICE`` only where the site says so."""


def area() -> Value:
    """A rectangle of the picture: left, top, width and height in thousandths."""

    def take(raw: object, at: Path, faults: Faults) -> tuple[int, int, int, int] | None:
        found = _AREA.fullmatch(raw) if isinstance(raw, str) else None
        if found is None:
            faults.add(at, f"{shown(raw)} is no area", f"write {_AREA_RIGHT}")
            return None
        left, top, width, height = (int(number) for number in found.groups())
        if not width or not height:
            faults.add(at, f"the area {shown(raw)} is empty", f"write {_AREA_RIGHT}")
            return None
        if left + width > THOUSAND or top + height > THOUSAND:
            right = f"left and width, and top and height, are {THOUSAND} at most together"
            faults.add(at, f"the area {shown(raw)} reaches beyond the picture", right)
            return None
        return left, top, width, height

    return Value(_AREA_RIGHT, take)


CAMERA = Table(
    "camera",
    "A camera.",
    (
        Key("url", at_address("camera"), "its stream, without a password", required=True, device=""),
        Key("sees", list_of(name(), 1, 50), "rooms, doors, windows, cabinets it photographs; without: all"),
        Key("frames_per_second", whole(1, 30), "pictures a second that are held ready"),
        Key("ring_s", seconds(3, 30), "how far back they reach"),
        Key("masks", list_of(area(), 1, 20), "what nobody may ever see: papers, a reading table, a shelf"),
        Key("clock_areas", list_of(area(), 1, 4), "where the camera itself writes the time"),
        Key("fault_after_s", seconds(2, 120), "how long a camera looks wrong before it counts"),
        Key("watches", name(), "the room it sees whole and compares with who is registered inside"),
    ),
)
RECORDER = Table(
    "recorder",
    "What the recorder may use of the box, for all cameras together.",
    (
        Key("memory_mb", whole(200, 8192), "memory of the whole process; above it starts anew"),
        Key("ring_mb", whole(16, 4096), "memory of the pictures that are held ready"),
        Key("cpu_percent", whole(10, 800), "of one core; above it fewer pictures are held ready"),
    ),
    named=False,
)
SNAPSHOT = Table(
    "snapshot",
    "Which cameras photograph an event, and when.",
    (
        Key(
            "of",
            list_of(choice({word: word for word in PHOTOGRAPHED}), 1),
            "Entries and alarms it holds for",
            required=True,
        ),
        Key("cameras", list_of(name(), 1, 16), "cameras; without: those that see the place"),
        Key("before_s", list_of(seconds(1, 20), 1, 4), "seconds before the event; without: 2"),
        Key("after_s", list_of(seconds(1, 30), 1, 4), "seconds after the event; without: 2"),
    ),
)
PICTURES = (
    Key(
        "pictures",
        choice({"optional": False, "required": True}),
        "whether a grant waits until pictures of it are on the disk",
        "pictured",
    ),
    Key("picture_s", seconds(1, 10), "for how long, when they are required", "picture_ms"),
    Key(
        "without_picture",
        choice({"refuse": False, "open": True}),
        "what happens then: it stays shut, or it opens with an alarm",
        "unpictured_opens",
    ),
)
"""Keys of a room."""


def camera_plan(camera: Section) -> CameraPlan:
    """What the core knows of a camera whose table is without fault."""
    return CameraPlan(camera.name, camera.get("sees", ()), camera.get("watches", ""))


def shot_plans(snapshots: Mapping[str, Section]) -> dict[str, ShotPlan]:
    """By kind of Entry or alarm what is photographed, out of tables without fault."""
    return {word: _shot(one) for one in snapshots.values() for word in one.get("of")}


def _shot(snapshot: Section) -> ShotPlan:
    usual = ShotPlan()
    before = snapshot.get("before_s", tuple(-m for m in usual.moments if m < 0))
    after = snapshot.get("after_s", tuple(m for m in usual.moments if m > 0))
    moments = (*sorted(-each for each in before), 0, *sorted(after))
    return ShotPlan(snapshot.get("cameras", ()), moments)


def eye_settings(site: str, cameras: Mapping[str, Section], recorder: Section) -> Settings | None:
    """What the recorder is told, out of tables without fault; None for a site without cameras."""
    told = {name: _camera(one) for name, one in cameras.items()}
    return Settings(VERSION, site, told, **recorder.values) if cameras else None


def _camera(camera: Section) -> CameraSettings:
    after_s = camera.get("fault_after_s", FAULT_MS) / THOUSAND
    return CameraSettings(
        url=camera.get("url").url,
        frames_per_second=camera.get("frames_per_second", FRAMES),
        ring_s=camera.get("ring_s", RING_MS) / THOUSAND,
        masks=camera.get("masks", ()),
        clock=camera.get("clock_areas", ()),
        watches=camera.get("watches", ""),
        fault_after_s=after_s,
        check_s=min(1.0, after_s / 10),
    )
