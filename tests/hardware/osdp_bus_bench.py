"""The production panel and two of our readers on real ptys, nothing replaced in between."""

import os

from firmware_shims.osdp_bench import Listener
from firmware_shims.osdp_peripheral import OsdpPeripheral
from firmware_shims.rs485 import Rs485Hub
from hardware.osdp import OsdpBus, Peripheral
from hardware.signals import DeviceBack, Level, LineLevel

IN, OUT = os.urandom(16), os.urandom(16)
PERIPHERALS = [
    Peripheral(1, "main.in", IN, {0: "contact", 1: "bolt", 2: "glass", 3: "motion"}),
    Peripheral(2, "main.out", OUT),
]


class Bench:
    """One panel and two readers on one pair of wires, up and announced."""

    def __init__(self) -> None:
        self.hub = Rs485Hub(3)
        self.inner, self.outer = OsdpPeripheral(1, IN, inputs=4), OsdpPeripheral(2, OUT)
        self.inner.start(self.hub.names[1])
        self.outer.start(self.hub.names[2])
        self.heard = Listener()
        self.bus = OsdpBus(self.hub.names[0], peripherals=PERIPHERALS, sink=self.heard)
        self.bus.start()
        assert self.heard.wait(DeviceBack("main.in"))
        assert self.heard.wait(DeviceBack("main.out"))
        assert self.heard.wait(LineLevel("motion", Level.NORMAL))

    def close(self) -> None:
        self.bus.stop()
        self.inner.stop()
        self.outer.stop()
        self.hub.close()
