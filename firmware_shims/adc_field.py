"""The loops as copper and resistors, and the supply they hang on: what stands on each converter's input.

Rule 1: Ohm's law and nothing of what a driver makes of it. Every number may be changed at any moment.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class FieldLoop:
    """One loop: pull-up, wire, contact with its resistor, series resistor, ground. Ohms.

    ``bridge``: what an intruder puts across the two wires at the box. ``foreign``: what he puts in place
    of everything beyond. ``wire``: the wire itself.
    """

    series: float = 4700.0
    across: float = 4700.0
    pull_up: float = 4700.0
    wire: float = 0.0
    contact_open: bool = False
    cut: bool = False
    short: bool = False
    bridge: float | None = None
    foreign: float | None = None

    def share(self) -> float:
        """How much of the supply stands on the input, 0 to 1."""
        if self.short:
            return 0.0
        siemens = 1 / self.bridge if self.bridge else 0.0
        if not self.cut:
            siemens += 1 / (self.wire + self._end())
        return 1.0 if siemens == 0 else 1 / (1 + self.pull_up * siemens)

    def _end(self) -> float:
        if self.foreign is not None:
            return self.foreign
        return self.series + (self.across if self.contact_open else 0.0)


@dataclass(slots=True)
class Field:
    """Everything on the inputs of one converter. Volts.

    ``supply_share`` of the supply stands on ``supply_channel``; ``noise_v`` is the greatest deviation of
    any single measurement; other inputs are grounded.
    """

    loops: Mapping[int, FieldLoop]
    supply_channel: int
    supply_v: float = 3.3
    supply_share: float = 1.0
    noise_v: float = 0.0
    chance: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311  noise, not secrets

    def volts(self, channel: int) -> float:
        """What one measurement of an input meets."""
        return self._still(channel) + self.chance.uniform(-self.noise_v, self.noise_v)

    def _still(self, channel: int) -> float:
        if channel == self.supply_channel:
            return self.supply_v * self.supply_share
        loop = self.loops.get(channel)
        return 0.0 if loop is None else self.supply_v * loop.share()
