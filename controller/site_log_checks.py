"""What the log's tables and the rooms must not contradict.

Rule: see site_agreements.py; a room that waits for more log witnesses than there are would alarm for ever.
"""

from __future__ import annotations

from controller.site_faults import Faults, Path, dotted
from controller.site_log import Keeping
from controller.site_reading import Sections

_KEEPING = Keeping()


def log_witnesses_suffice(sections: Sections, faults: Faults) -> None:
    """No more log witnesses are needed than there are; without any, nothing about them has an effect."""
    many, log = len(sections.of("log_witness")), sections.single["log"]
    asked = [(log, "witnesses_needed"), *((room, "witnessed") for room in sections.of("room").values())]
    for section, key in asked:
        if section.get(key, 0) > many:
            there = f"of log witnesses there are {many}"
            faults.add(section.at(key), there, "describe each log witness under [log_witness.NAME]")
    for key in ("unwitnessed_max", "unwitnessed_s"):
        if key in log.given and not many:
            faults.add(log.at(key), "has no effect: there is no log witness", f"remove {key}")
    for room in sections.of("room").values():
        if "witness_s" in room.given and "witnessed" not in room.given:
            faults.add(room.at("witness_s"), "has no effect without witnessed", "remove witness_s")


def log_witnesses_differ(sections: Sections, faults: Faults) -> None:
    """Each log witness has a place and a key of its own: two names of one machine are one."""
    for key in ("url", "vkey"):
        taken: dict[object, Path] = {}
        for one in sections.of("log_witness").values():
            word = one.get(key) if key == "url" else getattr(one.get(key), "key", None)
            first = taken.setdefault(word, one.path) if word else one.path
            if first != one.path:
                where = f"{dotted(first)} in line {faults.line(first)}"
                faults.add(one.at(key), f"is already that of {where}", "give it one of its own")


def keeping_agrees(sections: Sections, faults: Faults) -> None:
    """A full disk is announced before the log's reserve is touched; no picture outlives what names it."""
    now = sections.single["keeping"]
    pictures, log = (now.get(key, getattr(_KEEPING, key)) for key in ("picture_days", "log_days"))
    if pictures > log:
        why = "a picture that no Entry names any more can be neither shown nor verified"
        faults.add(now.at("picture_days"), why, f"write {log} or less")
    reserve = now.get("reserve_mb", _KEEPING.reserve_mb)
    if now.get("announce_free_mb", _KEEPING.announce_free_mb) <= reserve:
        key = "announce_free_mb" if "announce_free_mb" in now.given else "reserve_mb"
        faults.add(now.at(key), "a full disk would be announced too late", f"announce more than {reserve} MB")
