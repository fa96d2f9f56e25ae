"""Doors in words and looks: leaf, lock, and what goes on. Rule: commanded and sensed are told apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from web.plan.seen import UNKNOWN, Seen, Told
from web.plan.shape import Door


def leaf(seen: Seen, name: str) -> tuple[str, str]:
    """Look and word of a door's leaf: closed, open, forced, cut or unknown."""
    _, now = seen.say, seen.thing("doors", name)
    contact, phase = str(now.get("contact", UNKNOWN)), now.get("phase")
    if phase == "forced":
        return "forced", _("forced open")
    if contact == "active":
        return "open", _("open too long") if phase == "held" else _("open")
    words = {"normal": ("closed", _("closed")), "cut": ("cut", _("contact cut"))}
    words["short"] = ("cut", _("contact shorted"))
    return words.get(contact, ("unknown", _("leaf not known")))


def lock(seen: Seen, door: Door) -> tuple[str, str]:
    """Look and word of a door's lock: locked, unlocked, unbolted, cut or unknown."""
    _, now = seen.say, seen.thing("doors", door.name)
    phase, bolt = now.get("phase"), str(now.get("bolt", UNKNOWN))
    if phase is None:
        return "unknown", _("lock not known")
    if phase == "released":
        left = seen.seconds(now.get("until"))
        return "unlocked", _("unlocked, {s} s").format(s=left) if left else _("unlocked")
    if not door.bolt:
        return "locked", _("locked, bolt not sensed")
    shut = now.get("contact") == "normal"
    said = {
        "normal": ("locked", _("locked")),
        "active": ("unbolted", _("not bolted")) if shut else ("unlocked", _("bolt drawn")),
        "cut": ("cut", _("bolt sense cut")),
        "short": ("cut", _("bolt sense shorted")),
    }
    return said.get(bolt, ("unknown", _("bolt not known")))


def door_told(seen: Seen, door: Door) -> Told:
    """One door: its leaf, its lock, who waits there, its alarms and its lines."""
    now = seen.thing("doors", door.name)
    leaf_look, leaf_word = leaf(seen, door.name)
    lock_look, lock_word = lock(seen, door)
    alarms = seen.alarms(door.name)
    words = (
        leaf_word,
        lock_word,
        *_going_on(seen, now),
        *alarms,
        *seen.faults(door.name),
        *_tied(seen, door),
    )
    looks = (f"leaf-{leaf_look}", f"lock-{lock_look}", *(["alarm"] if alarms else []))
    return Told(tuple(dict.fromkeys(words)), looks)


def _going_on(seen: Seen, now: Mapping[str, Any]) -> tuple[str, ...]:
    """Who waits, what is waited for, and whether nobody gets in at all."""
    _, found = seen.say, []
    if now.get("pending"):
        said = _("{who} waits for a second person, {s} s")
        found.append(said.format(who=seen.people(now["pending"]), s=seen.seconds(now.get("deadline"))))
    if now.get("phase") == "awaiting":
        found.append(_("granted, waits for pictures or log witnesses"))
    if now.get("egress") is False:
        found.append(_("way out waits for the other door"))
    if now.get("remote"):
        found.append(_("released from afar"))
    if seen.view.get("lockdown"):
        found.append(_("lockdown"))
    return tuple(found)


def _tied(seen: Seen, door: Door) -> tuple[str, ...]:
    _ = seen.say
    if not door.interlock:
        return ()
    return (_("never open together with {doors}").format(doors=", ".join(door.interlock)),)
