"""The supervised loops of a whole room: copper and resistors behind converters on their buses.

Rule 1: resistors and supply are those that the site file names; the rest is Ohm's law (adc_field.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from firmware_shims.adc_chips import Ads1115Chip, Mcp3208Chip
from firmware_shims.adc_field import Field, FieldLoop
from firmware_shims.adc_world import I2cBus, SpiBus
from firmware_shims.room_plan import Address, of
from hardware.signals import Level

OHM = 4700
SUPPLY_MV = 3300
REFERENCE_V = 3.3
STRAP = 0x48
"""Address of an ADS1115 whose pin lies on ground (SBAS444, 7.5.1.1)."""


class Loops:
    """Every loop of a site by name, in ``loops``; ``buses`` and ``fields`` by converter; ``moved`` as ever.

    ``tables`` are the converters of the site file.
    """

    def __init__(self, folder: Path, addresses: Iterable[Address], tables: Mapping[str, Any]) -> None:
        every = list(addresses)
        self.loops: dict[str, FieldLoop] = {}
        self.fields: dict[str, Field] = {}
        self.buses: dict[str, SpiBus | I2cBus] = {}
        self.moved: dict[str, str] = {}
        for address in [*of(every, "spi"), *of(every, "i2c")]:
            self._converter(folder, address, of(every, "adc"), tables[address.device])

    def level(self, name: str, level: Level) -> None:
        """Bring a loop to a level, with the resistors it was built with."""
        loop = self.loops[name]
        loop.contact_open, loop.cut = level is Level.ACTIVE, level is Level.CUT
        loop.short, loop.foreign, loop.bridge = level is Level.SHORT, None, None

    def close(self) -> None:
        """Take the buses away."""
        for bus in {id(bus): bus for bus in self.buses.values()}.values():
            bus.flow()
            bus.close()

    def _converter(self, folder: Path, address: Address, inputs: list[Address], table: Any) -> None:
        here = {a.place[1]: a.device for a in inputs if a.place[0] == address.device}
        loops = {
            channel: FieldLoop(
                float(table.get("series_ohm", OHM)),
                float(table.get("across_ohm", OHM)),
                float(table.get("pull_ohm", OHM)),
            )
            for channel in here
        }
        field = Field(
            loops,
            supply_channel=int(table["supply"]) - 1,
            supply_v=table.get("supply_mv", SUPPLY_MV) / 1000,
            supply_share=table.get("supply_permille", 1000) / 1000,
        )
        self.loops |= {here[channel]: loop for channel, loop in loops.items()}
        self.fields[address.device] = field
        self.buses[address.device] = bus = self._bus(folder, address, field)
        self.moved[address.text] = address.at(bus.path)

    def _bus(self, folder: Path, address: Address, field: Field) -> SpiBus | I2cBus:
        """A bus of its own; converters on the same I2C port share one."""
        path = folder / Path(address.port).name
        if address.scheme == "spi":
            return SpiBus(path, Mcp3208Chip(field.volts, lambda: REFERENCE_V))
        chip = Ads1115Chip(field.volts)
        strap = int(address.query.get("address", STRAP))
        for bus in self.buses.values():
            if isinstance(bus, I2cBus) and bus.path == str(path):
                bus.chips[strap] = chip
                return bus
        return I2cBus(path, {strap: chip})
