"""OSDP readers and input boards: our own control panel, Secure Channel enforced."""

from hardware.osdp.bus import OsdpBus
from hardware.osdp.peripheral import Peripheral

__all__ = ["OsdpBus", "Peripheral"]
