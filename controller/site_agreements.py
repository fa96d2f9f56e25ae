"""What the settings of one room, door or cabinet must not contradict.

Rule: a setting without effect is a fault: whoever wrote it believes in something that is not so.
"""

from __future__ import annotations

from collections.abc import Iterator

from controller.core.plan import DoorPlan, Mode, Passback, RoomPlan, Together
from controller.device_addresses import OsdpAddress
from controller.site_faults import Faults
from controller.site_keys import Section
from controller.site_reading import ALWAYS, Sections

LONGEST_LONE_MS = 30_000  # behaviour 16: a no_lone_zone tolerates nobody alone for longer, ever
_ROOM, _DOOR, _TWO = RoomPlan(""), DoorPlan(""), Together().people


def rooms_agree(sections: Sections, faults: Faults) -> None:
    """A no_lone_zone tolerates nobody alone; a duty officer is for the hours outside duty."""
    for room in sections.of("room").values():
        mode = room.get("mode", _ROOM.mode)
        if mode is Mode.NO_LONE_ZONE and room.get("lone_s", 0) > LONGEST_LONE_MS:
            faults.add(
                room.at("lone_s"), "a no_lone_zone tolerates 30 s at most", "write a number from 0 to 30"
            )
        for key in ("duty_posts", "approval_min"):
            if room.get("duty") == ALWAYS:
                _idle(room, key, 'duty is "always"', faults)


def room_doors_agree(sections: Sections, faults: Faults) -> None:
    """A door into a room takes two people, who fit in, and counts those who leave."""
    for door in _doors(sections, into_room=True):
        people = door.get("people", _TWO)
        room = sections.of("room").get(door.get("room", ""))
        most = room.get("max_occupancy", _ROOM.max_occupancy) if room else people
        if people < _TWO:
            faults.add(door.at("people"), "one person would enter a secure room alone", "write 2 to 5")
        if people > most:
            faults.add(door.at("people"), f"{people} do not fit into a room for {most}", "write fewer people")
        _needs(door, "reader_out", "nobody would know who left: name the reader inside", faults)
        if door.get("confirm"):
            _needs(door, "reader_confirm", 'confirm = "reader" needs a reader inside', faults)
        elif not door.unclear("confirm"):
            _idle(door, "reader_confirm", 'confirm is not "reader"', faults)


def doors_agree(sections: Sections, faults: Faults) -> None:
    """A door without a room counts nobody, but whoever is behind it can leave."""
    for door in _doors(sections, into_room=False):
        for key in ("confirm", "reader_confirm", "passback", "passback_min"):
            _idle(door, key, "the door leads into no room", faults)
        if "reader_out" not in door.given:
            _needs(door, "rex", "whoever is behind the door needs rex or reader_out to leave", faults)


def times_agree(sections: Sections, faults: Faults) -> None:
    """Times of a door fit each other."""
    for door in sections.of("door").values():
        if door.get("prealarm_s", _DOOR.prealarm_ms) >= door.get("held_s", _DOOR.held_ms):
            key = "prealarm_s" if "prealarm_s" in door.given else "held_s"
            faults.add(door.at(key), "prealarm_s is not shorter than held_s", "make prealarm_s shorter")
        if door.get("passback") is not Passback.TIMED and not door.unclear("passback"):
            _idle(door, "passback_min", 'passback is not "timed"', faults)
        if "delay_min" not in door.given:
            _idle(door, "delay_window_min", "there is no delay_min", faults)


def people_agree(sections: Sections, faults: Faults) -> None:
    """Rules about who acts together fit the number of people and of readers."""
    for section in _with_pairs(sections):
        people, groups = section.get("people", _TWO), section.get("groups")
        if groups and len(groups) != people and not section.unclear("people"):
            faults.add(
                section.at("groups"), f"{len(groups)} posts for {people} people", f"name {people} posts"
            )
        for key in ("different_departments", "dual_readers", "pair_per_week"):
            if people < _TWO and section.get(key):
                _idle(section, key, "one person is enough here", faults)
        if section.get("dual_readers"):
            second = "reader_in2" if section.table.kind == "door" else "reader2"
            _needs(section, second, "dual_readers needs a second reader", faults)


def cabinets_agree(sections: Sections, faults: Faults) -> None:
    """A cabinet has compartments; a post for authorisers needs authorisers."""
    for cabinet in sections.of("cabinet").values():
        if not sections.compartments(cabinet.name):
            heading = f"[cabinet.{cabinet.name}.compartment.NAME]"
            _needs(cabinet, "compartment", f"describe at least one under {heading}", faults)
        if not cabinet.get("authorisers") and not cabinet.unclear("authorisers"):
            _idle(cabinet, "authoriser_post", "there are no authorisers", faults)


def lamps_agree(sections: Sections, faults: Faults) -> None:
    """A lamp belongs to a reader that has none of its own; an OSDP reader has one."""
    for section in _with_pairs(sections):
        for key in (key.name for key in section.table.keys if key.name.startswith("lamp")):
            reader = key.replace("lamp", "reader", 1)
            placed = section.get(reader)
            if reader not in section.given:
                _idle(section, key, f"there is no {reader}", faults)
            elif placed and isinstance(placed.address, OsdpAddress):
                _idle(section, key, "an OSDP reader shows its own lamp", faults)


def _doors(sections: Sections, *, into_room: bool) -> Iterator[Section]:
    return (door for door in sections.of("door").values() if ("room" in door.given) is into_room)


def _with_pairs(sections: Sections) -> Iterator[Section]:
    yield from sections.of("door").values()
    yield from sections.of("cabinet").values()


def _idle(section: Section, key: str, why: str, faults: Faults) -> None:
    if key in section.given:
        faults.add(section.at(key), f"has no effect: {why}", f"remove {key}")


def _needs(section: Section, key: str, why: str, faults: Faults) -> None:
    if key not in section.given:
        faults.missing((*section.path, key), why)
