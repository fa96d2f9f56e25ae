"""The state of the house in words, above everything else. Rule: what is not told is said to be not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from web.desk import site
from web.i18n import N_, _
from web.markup import hour
from web.names import name
from web.now.faults import LOG_WORDS
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
    """One fact of the house: tone of a badge, icon, words, and where more of it is ("" for nowhere)."""

    tone: str
    icon: str
    text: str
    href: str = ""


def signs(view: View) -> list[Sign]:
    """Everything worth saying, the gravest first; at least one: that nothing is."""
    found = [*_grave(view), *_doubts(view), *_calm(view)]
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


def _unknown(view: View) -> Iterator[Sign]:
    for room, now in view.get("rooms", {}).items():
        if now.get("occupancy", "unknown") == "unknown":
            yield Sign(
                "warn", "help", _("%(room)s: not known who is inside", room=room), way("now.place", name=room)
            )


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
