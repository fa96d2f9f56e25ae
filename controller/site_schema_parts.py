"""What the keys of several tables are made of: addresses of devices and the keys that place them."""

from __future__ import annotations

from controller.core.plan import Role, Side
from controller.site_devices import at_address
from controller.site_keys import Key
from controller.site_values import text

READER = at_address("osdp", "nfc")
LAMP = at_address("gpio:lamp")
BOLT = at_address("gpio:relay")
INPUT = at_address("gpio:input", "board", "adc")
POST = text(40)


def input_key(key: str, role: Role, says: str, *, required: bool = False, device: str | None = None) -> Key:
    """The key of an input; its device is called like the key unless told otherwise."""
    return Key(key, INPUT, says, required=required, device=f".{key}" if device is None else device, role=role)


def reader_key(key: str, device: str, side: Side, says: str, *, required: bool = False) -> Key:
    """The key of a reader at one side of a door or at a cabinet."""
    return Key(key, READER, says, required=required, device=device, side=side)


def lamp_key(key: str, device: str, says: str) -> Key:
    """The key of a lamp and sounder for a reader that has none."""
    return Key(key, LAMP, says, device=device)
