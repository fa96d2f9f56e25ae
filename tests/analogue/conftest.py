from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from firmware_shims import kernel_ioctl
from firmware_shims.adc_field import Field, FieldLoop
from firmware_shims.adc_world import AdcWorld, Bus
from firmware_shims.heard import Heard
from hardware.analogue.ads1115 import Ads1115
from hardware.analogue.converter import Converter
from hardware.analogue.judge import Supply
from hardware.analogue.loops import AnalogueLoops
from hardware.analogue.mcp3208 import Mcp3208
from hardware.analogue.zones import LoopZone
from hardware.signals import LineLevel

SUPPLY = Supply(channel=3, share_ppm=500_000, tolerance_ppm=300_000)
ZONES = (LoopZone("main.contact", 0), LoopZone("main.bolt", 1, filter_ms=30))


@dataclass
class Bench:
    """One converter on its bus, and a driver on it when asked for."""

    part: str
    world: AdcWorld
    heard: Heard
    drivers: list[AnalogueLoops]

    @property
    def bus(self) -> Bus:
        return self.world.spi if self.part == "mcp3208" else self.world.i2c

    @property
    def loop(self) -> FieldLoop:
        return self.world.field.loops[0]

    def converter(self) -> Converter:
        if self.part == "mcp3208":
            return Mcp3208(self.world.spi.path)
        return Ads1115(self.world.i2c.path)

    def start(
        self, learned: Mapping[str, int] | None = None, zones: tuple[LoopZone, ...] = ZONES
    ) -> AnalogueLoops:
        driver = AnalogueLoops(
            "adc", self.converter(), zones, supply=SUPPLY, sink=self.heard, learned=learned or {}
        )
        self.drivers.append(driver)
        driver.start()
        return driver

    def rest(self, learned: Mapping[str, int] | None = None) -> AnalogueLoops:
        driver = self.start(learned)
        assert self.heard.wait_kind(LineLevel, 2)
        return driver


@pytest.fixture
def hook() -> Iterator[None]:
    kernel_ioctl.install()
    yield
    kernel_ioctl.uninstall()


@pytest.fixture(params=["mcp3208", "ads1115"])
def bench(request: pytest.FixtureRequest, hook: None, tmp_path: Path) -> Iterator[Bench]:
    field = Field({0: FieldLoop(), 1: FieldLoop()}, supply_channel=3, supply_share=0.5)
    with closing(AdcWorld(tmp_path, field, reference_v=3.3)) as world:
        bench = Bench(request.param, world, Heard(), [])
        yield bench
        world.spi.flow()
        world.i2c.flow()
        for driver in bench.drivers:
            driver.stop()
