"""OSDP readers and input boards: our own control panel, Secure Channel enforced."""

from hardware.osdp.bus import OsdpBus
from hardware.osdp.peripheral import Peripheral
from hardware.osdp.transparent_reading import CardReading

__all__ = ["CardReading", "OsdpBus", "Peripheral"]
