"""What a finding of the daily closing, and what a sensor says, in words.

Rule: a word of another version stands for itself; nothing is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from web.feed.alarm_names import alarm_name
from web.feed.values import CONDITIONS
from web.i18n import N_, _

FINDINGS = {
    "not_counted": N_("Not known who is inside %(place)s"),
    "occupied": N_("Somebody is inside %(place)s"),
    "session": N_("The session of %(place)s goes on"),
    "door_open": N_("Door %(place)s is open"),
    "door_unbolted": N_("Door %(place)s is shut, not bolted"),
    "door_unknown": N_("Door %(place)s: contact or bolt says nothing that can be believed"),
    "window_open": N_("Window %(place)s is open"),
    "window_unknown": N_("Window %(place)s: the contact says nothing that can be believed"),
    "compartment_open": N_("Compartment %(place)s is open"),
    "compartment_unknown": N_("Compartment %(place)s: the contact says nothing that can be believed"),
    "sensor_active": N_("Sensor %(place)s sees something now"),
    "sensor_broken": N_("Sensor %(place)s says nothing that can be believed"),
    "device_lost": N_("Device %(place)s does not answer"),
}
SAID = {
    "bolted": N_("shut and bolted"),
    "unbolted": N_("shut, not bolted"),
    "shut": N_("shut"),
    "open": N_("open"),
    "unknown": N_("not known"),
    "back": N_("in order"),
    **CONDITIONS,
}
GOOD = frozenset({"bolted", "shut", "back"})
KINDS = {
    "doors": N_("Doors"),
    "windows": N_("Windows"),
    "compartments": N_("Compartments"),
    "cameras": N_("Cameras"),
}


def finding(said: str) -> str:
    """One thing that is not in order: ``door_open main``, ``camera_covered yard``, ``alarm forced@main``."""
    what, _space, place = said.partition(" ")
    if what in FINDINGS:
        return _(FINDINGS[what], place=place)
    if what == "alarm":
        kind, _at, where = place.partition("@")
        return _("Open alarm: %(name)s, %(place)s", name=alarm_name(kind, _), place=where)
    if what.startswith("camera_"):
        condition = sensor(what.removeprefix("camera_"))
        return _("Camera %(place)s: %(condition)s", place=place, condition=condition)
    return said


def noted(row: Mapping[str, Any]) -> str:
    """One finding of a closing that was signed; where it was over by then, the words say so."""
    said = finding(str(row["finding"]))
    return _("%(finding)s (over when it was signed)", finding=said) if row.get("over") else said


def sensor(word: str) -> str:
    """What a sensor says."""
    return _(SAID[word]) if word in SAID else word
