"""Doors and windows on their walls: an open leaf is drawn open, a broken one broken.

Rule: all of them, always; a closed door has its place on the plan as an open one has.
"""

from __future__ import annotations

from markupsafe import Markup

from web.plan.draw import HATCH, Href, lock_sign, question, scissors, thing
from web.plan.floor import Box, Spot
from web.plan.measures import GAP, SLOT, WINDOW, WINDOW_SLOT, WORDS_BELOW
from web.plan.seen import Seen, Told
from web.plan.shape import Door
from web.plan.svg import fitted, line, path, rect, text, together
from web.plan.told import window_told
from web.plan.told_doors import door_told, leaf, lock

WORDS = GAP + 16  # where a door's words begin
WIDE = SLOT - GAP - 20  # and how much room they have


def door(seen: Seen, one: Door, spot: Spot, href: Href) -> Markup:
    """One door in a lower wall; its leaf opens outwards."""
    _ = seen.say
    x, y, told = spot.x, spot.y, door_told(seen, one)
    leaf_look, leaf_word = leaf(seen, one.name)
    lock_look, lock_word = lock(seen, one)
    drawn = together(
        rect((x, y - 5, GAP, 10), "gap"),
        rect((x - 4, y - 7, 4, 14), "jamb"),
        rect((x + GAP, y - 7, 4, 14), "jamb"),
        _leaf(leaf_look, x, y),
        _bolt(lock_look, x + GAP, y),
        text(x + WORDS, y + 20, fitted(one.name, 14, WIDE), "name"),
        text(x + WORDS, y + 37, fitted(leaf_word, 12, WIDE), "word leaf-word"),
        lock_sign(lock_look, x + WORDS, y + 42),
        text(x + WORDS + 16, y + 54, fitted(lock_word, 12, WIDE - 16), "word lock-word"),
    )
    called = _("Door {name}").format(name=one.name)
    hit = Box(x - 8, y - 12, SLOT - 4, WORDS_BELOW + 10)
    return thing("door", called, told, drawn, href=href("door", one.name), hit=hit)


def _leaf(look: str, x: int, y: int) -> Markup:
    if look == "open":
        arc = path(f"M{x + 28} {y + 52}A{GAP} {GAP} 0 0 0 {x + GAP} {y}", "swing")
        return together(arc, line(x + 1, y, x + 28, y + 52, "leaf"))
    if look == "forced":
        return path(
            f"M{x + 1} {y}l13 20l-8 4l18 8l-6 6l12 16M{x + 40} {y + 6}l9 9M{x + 50} {y + 2}l5 12", "leaf"
        )
    if look == "cut":
        return together(rect((x + 1, y - 4, GAP - 2, 8), "leaf hollow"), scissors(x + 16, y + 22))
    if look == "unknown":
        hatched = rect((x + 1, y - 5, GAP - 2, 10), "leaf unsure", fill=HATCH)
        return together(hatched, question(x + GAP // 2, y + 28))
    return rect((x + 1, y - 4, GAP - 2, 8), "leaf")


def _bolt(look: str, x: int, y: int) -> Markup:
    """The bolt at the side of the latch: across the jamb when thrown, behind it when drawn."""
    if look == "locked":
        return rect((x - 9, y - 2, 18, 4), "bolt")
    if look in {"unlocked", "unbolted"}:
        return rect((x + 5, y - 2, 10, 4), "bolt drawn")
    return rect((x - 5, y - 2, 14, 4), "bolt unsure", fill=HATCH)


def window(seen: Seen, name: str, spot: Spot, href: Href) -> Markup:
    """One window in an upper wall; its sash opens outwards."""
    _ = seen.say
    x, y, told = spot.x, spot.y, window_told(seen, name)
    words = fitted(f"{name} · {told.words[0]}", 12, WINDOW_SLOT - 6)
    drawn = together(
        rect((x, y - 5, WINDOW, 10), "gap"),
        rect((x - 3, y - 6, 3, 12), "jamb"),
        rect((x + WINDOW, y - 6, 3, 12), "jamb"),
        _sash(told, x, y),
        text(x + WINDOW // 2, y + 21, words, "word centred"),
    )
    called = _("Window {name}").format(name=name)
    hit = Box(x - 24, y - 26, WINDOW + 48, 54)
    return thing("window", called, told, drawn, href=href("window", name), hit=hit, tip=False)


def _sash(told: Told, x: int, y: int) -> Markup:
    look = told.looks[0].removeprefix("leaf-")
    if look == "open":
        return together(
            line(x, y, x + 54, y - 24, "pane"),
            path(f"M{x + 54} {y - 24}Q{x + 66} {y - 14} {x + WINDOW} {y}", "swing"),
        )
    if look == "cut":
        return together(rect((x + 1, y - 4, WINDOW - 2, 8), "pane hollow"), scissors(x + 18, y - 10))
    if look == "unknown":
        hatched = rect((x + 1, y - 4, WINDOW - 2, 8), "pane unsure", fill=HATCH)
        return together(hatched, question(x + WINDOW // 2, y - 10))
    return together(line(x, y - 2, x + WINDOW, y - 2, "pane"), line(x, y + 2, x + WINDOW, y + 2, "pane"))
