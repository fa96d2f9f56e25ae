"""What the tables of a site file say about each other.

Rule 1: one short function a rule, all named in CHECKS; each looks only at what was read without fault.
Rule 2: nothing is guessed: a name that does not exist is a fault, never a default.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from controller.site_agreements import (
    cabinets_agree,
    doors_agree,
    lamps_agree,
    people_agree,
    room_doors_agree,
    rooms_agree,
    times_agree,
)
from controller.site_badges import (
    boards_read_no_cards,
    readers_suffice,
    transparent_buses_are_quick,
    uids_are_let_in,
)
from controller.site_devices import check_devices, devices
from controller.site_eye_checks import cameras_agree, pictures_can_come, recorder_fits, snapshots_agree
from controller.site_faults import Faults, Path, dotted, near
from controller.site_hours import check_days
from controller.site_keys import Section
from controller.site_log_checks import keeping_agrees, log_witnesses_differ, log_witnesses_suffice
from controller.site_loops import cabinets_share_a_supply, converters_agree
from controller.site_magnets import magnets_lock_no_room, sirens_are_no_magnets
from controller.site_reading import ALWAYS, Sections

RESERVED = frozenset(
    {"fire", "mains", "battery", "enclosure", "siren", "watchdog", "enrolment", "clock", "recorder"}
)
PLACES = ("room", "door", "window", "cabinet", "board", "panel", "converter", "camera", "log_witness")

Check = Callable[[Sections, Faults], None]


def names_differ(sections: Sections, faults: Faults) -> None:
    """Site, rooms, doors, windows, cabinets, devices, panels and log witnesses have names of their own."""
    taken = {sections.site.get("name", ""): sections.site}
    for section in (section for kind in PLACES for section in sections.of(kind).values()):
        first = taken.setdefault(section.name, section)
        if section.name in RESERVED:
            faults.add(section.path, f"the name {section.name} is taken by the system", "choose another name")
        elif first is not section:
            where = f"[{dotted(first.path)}] in line {faults.line(first.path)}"
            faults.add(section.path, f"the name {section.name} is taken by {where}", "choose another name")


def devices_differ(sections: Sections, faults: Faults) -> None:
    """A compartment is not called like a part of its cabinet."""
    taken: dict[str, Path] = {}
    for device in devices(sections.every()):
        if taken.setdefault(device.name, device.path) != device.path:
            faults.add(device.path, f"there are two devices called {device.name}", "rename the compartment")


def rooms_exist(sections: Sections, faults: Faults) -> None:
    """There is a room; doors, windows, cabinets, panels are at one that exists; every room has a door."""
    rooms = sections.of("room")
    if not rooms:
        faults.missing(("room",), "describe at least one room under [room.NAME]")
        return
    for kind in ("door", "window", "cabinet", "panel"):
        for section in sections.of(kind).values():
            _known(section, "room", rooms, faults)
    leading = {door.get("room") for door in sections.of("door").values() if "room" in door.given}
    for room in rooms.values():
        if room.name not in leading and leading <= set(rooms):  # a misspelt name may have meant this one
            faults.add(room.path, "no door leads into this room", f'write room = "{room.name}" at a door')


def hours_exist(sections: Sections, faults: Faults) -> None:
    """Duty hours and time locks are described under [hours.NAME]; "always" needs no description."""
    hours = sections.of("hours")
    for room in sections.of("room").values():
        _known(room, "duty", (*hours, ALWAYS), faults)
    for door in sections.of("door").values():
        _known(door, "time_lock", (*hours, ALWAYS), faults)
    for section in hours.values():
        check_days(section, faults)
        if section.name == ALWAYS:
            faults.add(section.path, "always is there already", "choose another name")


def interlocks_exist(sections: Sections, faults: Faults) -> None:
    """An interlock names other doors, and only a door with one can make leaving wait."""
    doors = sections.of("door")
    for door in doors.values():
        named = door.get("interlock", ())
        for other in dict.fromkeys(named):
            path = (*door.at("interlock"), named.index(other))
            if other == door.name:
                faults.add(path, "a door cannot exclude itself", "name the other door of the passage")
            elif other not in doors:
                faults.add(path, f"there is no door {other}", near(other, set(doors) - {door.name}))
        if "egress_wait_s" in door.given and not sections.interlock(door.name):
            faults.add(door.at("egress_wait_s"), "has no effect without interlock", "remove egress_wait_s")


def places_are_free(sections: Sections, faults: Faults) -> None:
    """No wire leads to two devices."""
    check_devices(tuple(sections.every()), sections.of("board"), faults)


CHECKS: tuple[Check, ...] = (
    names_differ,
    devices_differ,
    rooms_exist,
    hours_exist,
    interlocks_exist,
    uids_are_let_in,
    readers_suffice,
    transparent_buses_are_quick,
    boards_read_no_cards,
    converters_agree,
    cabinets_share_a_supply,
    magnets_lock_no_room,
    sirens_are_no_magnets,
    places_are_free,
    rooms_agree,
    room_doors_agree,
    doors_agree,
    times_agree,
    people_agree,
    cabinets_agree,
    lamps_agree,
    log_witnesses_suffice,
    log_witnesses_differ,
    keeping_agrees,
    cameras_agree,
    recorder_fits,
    snapshots_agree,
    pictures_can_come,
)


def _known(section: Section, key: str, known: Iterable[str], faults: Faults) -> None:
    word = section.get(key)
    if word is not None and word not in known:
        faults.add(section.at(key), f"there is no {word}", near(word, known))
