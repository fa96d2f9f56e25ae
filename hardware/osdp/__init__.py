"""OSDP readers and input boards: our own control panel, Secure Channel enforced."""

from hardware.osdp.bus import OsdpBus
from hardware.osdp.display import Display
from hardware.osdp.health import BusHealth, DeviceHealth
from hardware.osdp.pairing import Keep
from hardware.osdp.peripheral import Peripheral
from hardware.osdp.transparent_reading import CardReading

__all__ = ["BusHealth", "CardReading", "DeviceHealth", "Display", "Keep", "OsdpBus", "Peripheral"]
