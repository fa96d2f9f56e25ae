"""Rooms, windows, cabinets, cameras and readers in words and looks.

Rule: a state is a shape, a word and a colour; this file gives the word and the class that the others follow.
"""

from __future__ import annotations

from web.plan.seen import UNKNOWN, Seen, Told
from web.plan.shape import Cabinet
from web.plan.told_doors import leaf, lock


def room_told(seen: Seen, name: str) -> Told:
    """One room: its state, and what is wrong."""
    alarms = (*seen.alarms(name), *seen.faults(name))
    many, now = count(seen, name), seen.thing("rooms", name)
    looks = ["uncertain" if many == "?" else "empty" if many == "0" and not now.get("open") else "occupied"]
    looks += ["alarm"] if alarms else []
    return Told((*room_state(seen, name), *alarms), tuple(looks))


def room_state(seen: Seen, name: str) -> tuple[str, ...]:
    """Closed, locked, how many are inside, since when, and whether one is alone."""
    _, now = seen.say, seen.thing("rooms", name)
    words = [*_shut(seen, name), inside(seen, name)]
    if now.get("visitors"):
        words.append(_("{n} visiting").format(n=len(now["visitors"])))
    if hour := seen.hour(now.get("since")):
        words.append(_("since {hour}").format(hour=hour))
    if now.get("lone_at") is not None:
        words.append(_("one person alone, alarm at {at}").format(at=seen.second(now["lone_at"])))
    if now.get("unconfirmed"):
        words.append(_("{n} not confirmed inside").format(n=len(now["unconfirmed"])))
    return tuple(words)


def _shut(seen: Seen, room: str) -> tuple[str, ...]:
    """Whether all doors of a room are closed and locked; the worst of them counts."""
    _, doors = seen.say, seen.shape.doors_of(room)
    leaves = {leaf(seen, door.name)[0] for door in doors}
    for look, word in (("forced", _("forced open")), ("open", _("open"))):
        if look in leaves:
            return (word,)
    if leaves != {"closed"}:
        return (_("not known whether closed"),) if leaves else ()
    return _("closed"), _locked(seen, {lock(seen, door)[0] for door in doors})


def _locked(seen: Seen, locks: set[str]) -> str:
    _ = seen.say
    for look, word in (("unlocked", _("unlocked")), ("unbolted", _("not bolted"))):
        if look in locks:
            return word
    return _("locked") if locks == {"locked"} else _("not known whether locked")


def count(seen: Seen, room: str) -> str:
    """How many staff are inside; "?" when nobody knows."""
    said = seen.thing("rooms", room).get("occupancy", UNKNOWN)
    return str(said) if isinstance(said, int) else "?"


def inside(seen: Seen, room: str) -> str:
    """How many are inside, in words."""
    _ = seen.say
    many = count(seen, room)
    if many == "?":
        return _("not known who is inside")
    return _("nobody inside") if many == "0" else _("{n} inside").format(n=many)


def window_told(seen: Seen, name: str) -> Told:
    """One window: open, closed, cut or unknown."""
    _, level = seen.say, str(seen.view.get("windows", {}).get(name, UNKNOWN))
    said = {
        "normal": ("closed", _("closed")),
        "active": ("open", _("open")),
        "cut": ("cut", _("line cut")),
        "short": ("cut", _("line shorted")),
    }
    look, word = said.get(level, ("unknown", _("not known")))
    return _alarmed(seen, name, (word,), (f"leaf-{look}",))


def cabinet_told(seen: Seen, cabinet: Cabinet) -> Told:
    """One cabinet: how many of its compartments are not locked, and what is wrong."""
    _ = seen.say
    looks = [compartment_told(seen, one).looks[0] for one in cabinet.compartments]
    unsure = looks.count("box-unknown")
    loose = len(looks) - looks.count("box-locked") - unsure
    words = [_("{n} not locked").format(n=loose)] if loose else []
    words += [_("{n} not known").format(n=unsure)] if unsure else []
    words = words or [_("all locked")]
    now = seen.thing("cabinets", cabinet.name)
    if now.get("people"):
        words.append(_("open for {who}").format(who=seen.people(now["people"])))
    if now.get("pending"):
        said = _("{who} waits for a second person, {s} s")
        words.append(said.format(who=seen.people(now["pending"]), s=seen.seconds(now.get("deadline"))))
    return _alarmed(seen, cabinet.name, tuple(words), ())


def compartment_told(seen: Seen, name: str) -> Told:
    """One compartment: locked, unlocked, open, forced, cut or unknown."""
    _, phase = seen.say, str(seen.view.get("compartments", {}).get(name, UNKNOWN))
    said = {
        "locked": ("locked", _("locked")),
        "released": ("unlocked", _("unlocked")),
        "open": ("open", _("open")),
        "forced": ("forced", _("forced")),
    }
    look, word = said.get(phase, ("unknown", _("unknown")))
    contact = seen.level(f"{name}.contact")
    if contact in {"cut", "short"}:
        look, word = "cut", _("cut") if contact == "cut" else _("shorted")
    elif contact == UNKNOWN and look == "locked" and f"{name}.contact" in seen.shape.inputs:
        look, word = "unknown", _("unknown")
    return _alarmed(seen, name, (word,), (f"box-{look}",))


def camera_told(seen: Seen, name: str) -> Told:
    """One camera: well, or what is wrong with it."""
    _, told = seen.say, seen.view.get("cameras", {}).get(name, UNKNOWN)
    condition = str(told.get("condition", UNKNOWN)) if isinstance(told, dict) else str(told)
    conditions = {
        "good": _("sees well"),
        "back": _("sees well"),
        "covered": _("covered"),
        "moved": _("moved"),
        "frozen": _("picture frozen"),
        "looped": _("picture looped"),
        "blinded": _("blinded"),
        "defocused": _("out of focus"),
        "lost": _("lost"),
    }
    word = conditions.get(condition, _("not known"))
    look = "well" if condition in {"good", "back"} else "bad" if condition in conditions else "unknown"
    return Told((word,), (f"camera-{look}", *(["alarm"] if look == "bad" else [])))


def reader_told(seen: Seen, name: str) -> Told:
    """One reader: what it shows, or that it does not answer."""
    _ = seen.say
    if name in seen.view.get("lost", ()):
        return Told((_("no answer"), *seen.faults(name)), ("reader-lost", "alarm"))
    if name in seen.view.get("suspects", ()):
        return Told((_("not the device that was paired"), *seen.faults(name)), ("reader-lost", "alarm"))
    signals = {
        "idle": _("ready"),
        "pending": _("waits for a second person"),
        "granted": _("granted"),
        "refused": _("refused"),
        "wait": _("please wait"),
    }
    shown = str(seen.view.get("signals", {}).get(name, UNKNOWN))
    word = signals.get(shown, _("not known"))
    alarms = (*seen.alarms(name), *seen.faults(name))
    look = f"reader-{shown}" if shown in signals else "reader-unknown"
    return Told((word, *alarms), (look, *(["alarm"] if alarms else [])))


def _alarmed(seen: Seen, name: str, words: tuple[str, ...], looks: tuple[str, ...]) -> Told:
    alarms = (*seen.alarms(name), *seen.faults(name))
    return Told((*words, *alarms), (*looks, *(["alarm"] if alarms else [])))
