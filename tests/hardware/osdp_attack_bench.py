"""A panel and two readers on one pair of wires, and somebody who listens in. For the tests of attacks."""

import os

from firmware_shims.osdp_bench import Listener
from firmware_shims.osdp_machine import IDENTITY
from firmware_shims.osdp_peripheral import OsdpPeripheral
from firmware_shims.rs485 import Rs485Hub
from firmware_shims.wiretap import Wiretap
from hardware.osdp import OsdpBus, Peripheral
from hardware.osdp.messages import Command
from hardware.signals import DeviceBack, DeviceLost, Signal

IN, OUT = os.urandom(16), os.urandom(16)
OTHER = "1A2B3C-01-01-00000666"


class Bench:
    """Reader "in" under attack, reader "out" beside it, a wiretap on their pair, a panel to be started."""

    def __init__(self, key: bytes | None = IN) -> None:
        self.hub = Rs485Hub(4)
        self.inner, self.outer = OsdpPeripheral(1, key), OsdpPeripheral(2, OUT)
        self.inner.start(self.hub.names[1])
        self.outer.start(self.hub.names[2])
        self.tap = Wiretap(self.hub)
        self.panel()

    def panel(self) -> None:
        """A panel after a restart: nothing of it is left but keys and identities."""
        self.heard = Listener()
        peripherals = [
            Peripheral(1, "in", IN, identity=IDENTITY),
            Peripheral(2, "out", OUT, identity=IDENTITY),
        ]
        self.bus = OsdpBus(self.hub.names[0], peripherals=peripherals, sink=self.heard)

    def up(self) -> int:
        """Starts the panel; gives how many signals there are once both readers are announced."""
        self.bus.start()
        for device in ("in", "out"):
            assert self.heard.wait(DeviceBack(device))
        return len(self.heard.heard)

    def suspected(self, why: str, since: int = 0) -> bool:
        """The inner reader is reported as suspect for this reason."""
        return self.heard.wait_for(lambda one: _suspect(one, why), since) is not None

    def told(self, since: int = 0) -> set[type]:
        """What kinds of things were told of the inner reader."""
        return {type(one) for one in self.heard.heard[since:] if getattr(one, "device", "") == "in"}

    def close(self) -> None:
        self.bus.stop()
        self.inner.stop()
        self.outer.stop()
        self.hub.close()


def _suspect(signal: Signal, why: str) -> bool:
    return isinstance(signal, DeviceLost) and signal.device == "in" and signal.suspect and why in signal.why


def blocks(bench: Bench, code: Command) -> set[bytes]:
    return {frame.block for frame in bench.tap.said(code, reply=False) if frame.address == 1}
