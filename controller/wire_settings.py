"""What the drivers, not the core, must know of a site: cards' bounds, locks' supplies, loops, displays.

Rule: values only, with the defaults that the sample site file shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from controller.site_reading import Sections

CARD_MS = 40


@dataclass(frozen=True, slots=True)
class ConverterSettings:
    """An analogue converter: input that measures the supply (from 1), and the resistors of its loops in ohm.

    ``tolerance_ppm`` of the supply around what was learned; ``supply_mv`` what it should be, and
    ``supply_permille`` how much of it arrives at the input; ``reference_mv`` of a chip that has one.
    """

    supply: int
    series_ohm: int = 4700
    across_ohm: int = 4700
    pull_ohm: int = 4700
    tolerance_ppm: int = 4_000
    supply_mv: int = 3300
    supply_permille: int = 1000
    reference_mv: int = 3300


@dataclass(frozen=True, slots=True)
class DisplaySettings:
    """The display of a panel: its rows, and the characters in each."""

    rows: int = 2
    columns: int = 16


@dataclass(frozen=True, slots=True)
class WireSettings:
    """``card_ms``: bound on the quicker of a card's last two answers.

    ``one_at_a_time``: locks that share a supply. ``displays``: those of panels.
    """

    card_ms: int = CARD_MS
    one_at_a_time: frozenset[str] = frozenset()
    converters: Mapping[str, ConverterSettings] = field(default_factory=dict)
    displays: Mapping[str, DisplaySettings] = field(default_factory=dict)


def wire_settings(sections: Sections) -> WireSettings:
    """The settings of a site whose tables are without fault."""
    shared = sections.single["outputs"].get("one_at_a_time", ())
    locks = frozenset(f"{name}.{box}" for name in shared for box in sections.compartments(name))
    converters = {
        name: ConverterSettings(**{key: one.get(key) for key in one.values if key != "address"})
        for name, one in sections.of("converter").items()
    }
    displays = {
        name: DisplaySettings(**{key: one.get(key) for key in ("rows", "columns") if key in one.values})
        for name, one in sections.of("panel").items()
    }
    return WireSettings(sections.site.get("card_ms", CARD_MS), locks, converters, displays)
