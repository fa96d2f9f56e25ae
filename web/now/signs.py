"""The state of the house in words, above everything else. Rule: what is not told is said to be not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from web.desk import site
from web.i18n import N_, _
from web.markup import hour
from web.names import name
from web.now.faults import CAMERA_WORDS, LOG_WORDS
from web.now.page import way

View = Mapping[str, Any]
RECORDER = "recorder"
MAINS = {
    "normal": ("calm", N_("Mains on")),
    "active": ("warn", N_("Mains off, on battery")),
    "cut": ("warn", N_("The line that watches the mains is cut")),
    "short": ("warn", N_("The line that watches the mains is shorted")),
}
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Sign:
    """One fact of the house: tone of a badge, icon, words, and where more of it is ("" for nowhere).

    ``until``: a moment in UTC milliseconds up to which the screen counts the seconds, ``left`` of them now.
    """

    tone: str
    icon: str
    text: str
    href: str = ""
    until: int | None = None
    left: int = 0


def signs(view: View) -> list[Sign]:
    """Everything worth saying, the gravest first; at least one: that nothing is."""
    found = [*_grave(view), *_alone(view), *_doubts(view), *_calm(view)]
    if view.get("rooms") and not _is_troubled(view, found):
        found.insert(0, Sign("good", "circle-check", _("All quiet")))
    return found


def _is_troubled(view: View, found: list[Sign]) -> bool:
    """Whether all is not quiet; a silent alarm counts, for nobody at the desk shall believe that it is."""
    return bool(view.get("alarms")) or any(one.tone in {"alarm", "warn"} for one in found)


def _grave(view: View) -> Iterator[Sign]:
    if view.get("fire"):
        text = _("Fire alarm. Ways out are free; call the roll.")
        yield Sign("alarm", "alert-octagon", text, way("now.roll_call"))
    if view.get("lockdown"):
        who, since = name(str(view["lockdown"])), view.get("lockdown_since")
        if since is None:
            text = _("Lockdown by %(who)s. Somebody else lifts it, under Commands.", who=who)
        else:
            at = hour(since).striptags()
            text = _(
                "Lockdown by %(who)s since %(at)s. Somebody else lifts it, under Commands.", who=who, at=at
            )
        yield Sign("alarm", "lock", text, way("commands.index"))


def _doubts(view: View) -> Iterator[Sign]:
    if view.get("clock") == "unconfirmed":
        text = _("The controller's clock is not confirmed: two people accept it, under Commands.")
        yield Sign("warn", "clock", text, way("commands.index"))
    yield from _unknown(view)
    lost = [str(one) for one in view.get("lost", ())]
    if RECORDER in lost:
        yield Sign("warn", "camera", _("The recorder does not answer: no pictures are taken"))
    for camera, how in view.get("cameras", {}).items():
        if how in CAMERA_WORDS:
            yield Sign("warn", "camera", _("Camera %(what)s: %(how)s", what=camera, how=_(CAMERA_WORDS[how])))
    if devices := [one for one in lost if one != RECORDER]:
        yield Sign("warn", "plug-connected-x", _("No answer: %(devices)s", devices=_few(devices)))
    if view.get("suspects"):
        yield Sign(
            "warn",
            "alert-triangle",
            _("Not the device that was paired: %(devices)s", devices=_few(view["suspects"])),
        )
    if view.get("noisy"):
        yield Sign("warn", "alert-triangle", _("Lines that chatter: %(lines)s", lines=_few(view["noisy"])))
    for trouble in view.get("log", {}).get("troubles", ()):
        what = _(LOG_WORDS.get(str(trouble), str(trouble)))
        yield Sign("warn", "alert-triangle", _("Log: %(what)s. Call the installer.", what=what))
    if any(one["alarm"] == "log_unwitnessed" for one in view.get("alarms", ())):
        yield Sign("warn", "eye", _("Not witnessed: no other box confirms the log"))


def _alone(view: View) -> Iterator[Sign]:
    """A lone timer that runs, with its seconds (behaviour 15), and who was let in and is not confirmed."""
    for room, now in view.get("rooms", {}).items():
        at, ends = view.get("at"), now.get("lone_at")
        if isinstance(ends, int) and isinstance(at, int):
            left, wall = max(0, ends - at), int(view.get("wall_ms", 0))
            text = _("%(room)s: one person alone. Alarm, and cabinets locked, in", room=room)
            yield Sign(
                "warn", "clock", text, way("now.place", name=room), until=wall + left, left=-(-left // 1000)
            )
        if now.get("unconfirmed"):
            many = len(now["unconfirmed"])
            text = _("%(room)s: %(n)s let in, not confirmed inside", room=room, n=many)
            yield Sign("warn", "users", text, way("now.place", name=room))


def _unknown(view: View) -> Iterator[Sign]:
    """Nobody knows who is inside (behaviour 19), and what ends that."""
    for room, now in view.get("rooms", {}).items():
        if now.get("occupancy", "unknown") == "unknown":
            text = _("%(room)s: not known who is inside", room=room)
            if "occupancy" in now:
                text = _(
                    "%(room)s: not known who is inside. Nobody goes in until two people count.", room=room
                )
            yield Sign("warn", "help", text, way("now.place", name=room))


def _calm(view: View) -> Iterator[Sign]:
    yield from _mains(view)
    empty = [room for room, now in view.get("rooms", {}).items() if _is_armed(now)]
    if empty:
        yield Sign("calm", "shield-check", _("Empty and armed: %(rooms)s", rooms=_few(empty)))
    waiting = view.get("log", {}).get("unwitnessed", 0)
    if waiting and not any(one["alarm"] == "log_unwitnessed" for one in view.get("alarms", ())):
        yield Sign("calm", "eye", _("Entries that wait for a witness: %(n)s", n=waiting))


def _mains(view: View) -> Iterator[Sign]:
    """Every line that watches the mains; the worst level stands for them."""
    inputs = (site().get("plan") or {}).get("inputs", {})
    lines = [point for point, one in inputs.items() if one.get("role") == "mains"]
    levels = {str(view.get("inputs", {}).get(point, "unknown")) for point in lines}
    for level in ("active", "cut", "short", "unknown", "normal"):
        if level in levels:
            tone, text = MAINS.get(level, ("none", N_("Mains: not known")))
            yield Sign(tone, "plug-connected-x" if tone != "calm" else "circle-check", _(text))
            return


def _is_armed(now: Mapping[str, Any]) -> bool:
    return now.get("occupancy") == 0 and not now.get("open") and not now.get("visitors")


def _few(names: Any) -> str:
    """The first names of many, and how many more."""
    told = [str(one) for one in names]
    rest = len(told) - MOST_NAMED
    shown = ", ".join(told[:MOST_NAMED])
    return _("%(names)s and %(n)s more", names=shown, n=rest) if rest > 0 else shown
