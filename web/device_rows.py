"""Devices as the installer sees them: condition in words, since when, and what to do at the device.

Rule: what the room does not know is said to be unknown; a device without news is not a good one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from controller.core.words import Kind
from controller.errors import IronroomError
from web.desk import site
from web.i18n import N_, _
from web.log import reader

View = dict[str, Any]
ORDER = ("alarm", "warn", "note", "none", "good")
"""Tones, what is worst first."""

SIDES = {
    "in": N_("in"),
    "out": N_("out"),
    "cabinet": N_("at the cabinet"),
    "confirm": N_("confirms inside"),
    "enrolment": N_("makes badges"),
}
ROLES = {
    "contact": N_("contact"),
    "bolt": N_("bolt"),
    "rex": N_("button to go out"),
    "glass": N_("glass"),
    "vibration": N_("vibration"),
    "motion": N_("motion"),
    "tamper": N_("cover"),
    "fire": N_("fire"),
    "mains": N_("mains"),
    "battery": N_("battery"),
    "power": N_("supply"),
}
LEVELS = {
    "normal": ("good", N_("at rest")),
    "active": ("good", N_("active")),
    "cut": ("alarm", N_("cut")),
    "short": ("alarm", N_("shorted")),
    "unknown": ("none", N_("nothing reported since the start")),
}
CAMERAS = {
    "back": ("good", N_("sees well")),
    "good": ("good", N_("sees well")),
    "covered": ("alarm", N_("covered")),
    "moved": ("alarm", N_("moved")),
    "frozen": ("alarm", N_("picture frozen")),
    "looped": ("alarm", N_("picture looped")),
    "blinded": ("alarm", N_("blinded")),
    "defocused": ("warn", N_("out of focus")),
    "lost": ("alarm", N_("no picture")),
}
TO_DO = {
    "lost": N_("Check its supply, its wire and its address."),
    "suspect": N_(
        "Something else answers. Look at the device; if it was changed on purpose, give it a new key."
    ),
    "noisy": N_("Look for a loose contact, a bent wire or a door that rattles."),
    "cut": N_("Look for a broken wire or an open terminal."),
    "short": N_("Look for a pinched wire or a bridged terminal."),
    "unknown": N_("Open and close it once, or look at its board."),
    "pairing": N_("Stay at the device until it says that it is done."),
    "learning": N_("Let nobody touch it until it is measured."),
    "looking": N_("Let nobody walk through the picture until it has learned."),
    "covered": N_("Clear the view and clean the glass."),
    "moved": N_("Aim it again; if the new view is meant, teach it."),
    "frozen": N_("Start the camera again and look at its wire."),
    "looped": N_("Somebody may play an old picture. Look at the camera, its wire and its switch."),
    "blinded": N_("Look for a lamp or the sun in the picture."),
    "defocused": N_("Clean and focus it."),
}


@dataclass(frozen=True, slots=True)
class Device:
    """One device. ``since``: a moment in UTC milliseconds or an entry's ``time``, None where nobody says."""

    name: str
    where: str
    tone: str
    condition: str
    since: object = None
    to_do: str = ""

    @property
    def is_well(self) -> bool:
        """Whether nothing is to be done."""
        return self.tone == "good"


@dataclass(frozen=True, slots=True)
class Devices:
    """All devices of a site, by what they are; ``others``: those that only their trouble names."""

    readers: list[Device]
    lines: list[Device]
    cameras: list[Device]
    others: list[Device]

    @property
    def troubled(self) -> list[Device]:
        """What is not well, the worst first."""
        every = (*self.readers, *self.lines, *self.cameras, *self.others)
        return sorted((one for one in every if not one.is_well), key=lambda one: ORDER.index(one.tone))


def devices(view: View) -> Devices:
    """The devices of the site, as the room knows them now."""
    plan = site().get("plan", {})
    readers, inputs, cameras = (plan.get(part, {}) for part in ("readers", "inputs", "cameras"))
    named = {*readers, *inputs, *cameras}
    rest = sorted(
        {*view.get("lost", ()), *view.get("noisy", ()), *view.get("suspects", ()), *view.get("pairings", {})}
        - named
    )
    return Devices(
        [_reader(view, name, one) for name, one in readers.items()],
        [_line(view, name, one) for name, one in inputs.items()],
        [_camera(view, name, one) for name, one in cameras.items()],
        [_trouble(view, name, "") or Device(name, "", "none", _("not known")) for name in rest],
    )


def _reader(view: View, name: str, one: View) -> Device:
    side = _(SIDES.get(one.get("side", ""), str(one.get("side", ""))))
    where = " · ".join(filter(None, (str(one.get("at", "")), side)))
    return _trouble(view, name, where) or Device(name, where, "good", _("answers"))


def _line(view: View, name: str, one: View) -> Device:
    role = _(ROLES.get(one.get("role", ""), str(one.get("role", ""))))
    where = " · ".join(filter(None, (str(one.get("at", "")), role)))
    if troubled := _trouble(view, name, where):
        return troubled
    level = str(view.get("inputs", {}).get(name, "unknown"))
    tone, word = LEVELS.get(level, LEVELS["unknown"])
    return Device(name, where, tone, _(word), to_do=_to_do(level))


def _camera(view: View, name: str, one: View) -> Device:
    where = str(one.get("watches", "")) or ", ".join(one.get("sees", ())) or _("everything")
    if name in view.get("cameras_learning", ()):
        return Device(name, where, "note", _("learns its view"), to_do=_to_do("looking"))
    if troubled := _trouble(view, name, where):
        return troubled
    condition = str(view.get("cameras", {}).get(name, "unknown"))
    tone, word = CAMERAS.get(condition, ("none", N_("not known")))
    since = None if tone == "good" else _since(Kind.CAMERA_FAULT, name)
    return Device(name, where, tone, _(word), since, _to_do(condition))


def _trouble(view: View, name: str, where: str) -> Device | None:
    """What speaks against any device, the worst of it."""
    if name in view.get("suspects", ()):
        word = _("not the device that was paired")
        return Device(name, where, "alarm", word, _since(Kind.DEVICE_LOST, name), _to_do("suspect"))
    if name in view.get("pairings", {}):
        return Device(name, where, "note", _("takes a new key"), to_do=_to_do("pairing"))
    if name in view.get("learning", ()):
        return Device(name, where, "note", _("is measured at rest"), to_do=_to_do("learning"))
    if name in view.get("lost", ()):
        return Device(name, where, "alarm", _("no answer"), _since(Kind.DEVICE_LOST, name), _to_do("lost"))
    if name in view.get("noisy", ()):
        return Device(name, where, "warn", _("chatters"), _since(Kind.DEVICE_NOISY, name), _to_do("noisy"))
    return None


def _since(kind: Kind, name: str) -> object:
    """When the log last told this of a device; None where it cannot be read."""
    try:
        found = next(reader().entries(kind=kind, place=name, newest_first=True, limit=1), None)
    except IronroomError:
        return None
    return found.get("time") if found else None


def _to_do(word: str) -> str:
    return _(TO_DO[word]) if word in TO_DO else ""
