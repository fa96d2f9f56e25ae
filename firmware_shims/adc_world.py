"""Converters on their buses, as device files: ``spidev`` with an MCP3208, ``i2c-dev`` with an ADS1115.

Rule 1: faults belong to the wire and are the same for both buses: mangled answers, an errno, a call that
does not come back.
"""

import errno
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from firmware_shims.adc_chips import Ads1115Chip, Mcp3208Chip
from firmware_shims.adc_field import Field
from firmware_shims.kernel_buses import I2C_FUNCS, I2C_M_RD, I2C_RDWR, SPI_MESSAGE, SPI_MESSAGE_MASK
from firmware_shims.kernel_device import KernelDevice
from firmware_shims.kernel_wire import Call, Part

Mangle = Callable[[bytes], bytes]
I2C_FUNC_I2C = 1


class Bus(KernelDevice):
    """A bus whose wire can be broken. ``mangle`` changes what the processor reads; ``errno`` refuses.

    ``transfers`` counts the calls that moved data.
    """

    def __init__(self, path: str | Path) -> None:
        self.mangle: Mangle | None = None
        self.errno = 0
        self.transfers = 0
        self.settings: dict[int, bytes] = {}
        self._flowing = threading.Event()
        self._flowing.set()
        super().__init__(path)

    def stall(self) -> None:
        """From now on no transfer comes back."""
        self._flowing.clear()

    def flow(self) -> None:
        """What hung comes back, and the rest as ever."""
        self._flowing.set()

    def vanish(self) -> None:
        """Pull the bus out, with whatever hangs on it."""
        self.flow()
        super().vanish()

    def ioctl(self, call: Call) -> tuple[bytes, ...]:
        """Settings are kept, transfers carried out; ENOTTY for what this bus does not know."""
        if not self.is_transfer(call.request):
            return self.setting(call)
        self._flowing.wait()
        self.transfers += 1
        if self.errno:
            raise OSError(self.errno, "")
        return tuple(self._heard(part, answer) for part, answer in self.transfer(call.parts))

    def is_transfer(self, request: int) -> bool:
        """Whether this request moves data."""
        raise NotImplementedError

    def setting(self, call: Call) -> tuple[bytes, ...]:
        """Answer a request that moves none."""
        raise NotImplementedError

    def transfer(self, parts: tuple[Part, ...]) -> list[tuple[Part, bytes]]:
        """What the chips answer to each part."""
        raise NotImplementedError

    def _heard(self, part: Part, answer: bytes) -> bytes:
        if self.mangle is None or not answer:
            return answer
        return self.mangle(answer)[: len(part.data)].ljust(len(part.data), b"\xff")


class SpiBus(Bus):
    """One MCP3208 on one chip select."""

    def __init__(self, path: str | Path, chip: Mcp3208Chip) -> None:
        self._chip = chip
        super().__init__(path)

    def is_transfer(self, request: int) -> bool:
        """SPI_IOC_MESSAGE of any length."""
        return request & SPI_MESSAGE_MASK == SPI_MESSAGE

    def setting(self, call: Call) -> tuple[bytes, ...]:
        """Mode, speed and word length: written (bit 30) or read."""
        if call.request >> 8 & 0xFF != ord("k") or not call.parts:
            raise OSError(errno.ENOTTY, "")
        number = call.request & 0xFF
        if call.request & 0x40000000:
            self.settings[number] = call.parts[0].data
        return (self.settings.get(number, call.parts[0].data),)

    def transfer(self, parts: tuple[Part, ...]) -> list[tuple[Part, bytes]]:
        """Each transfer of a message is one selection here."""
        return [(part, self._chip.transfer(part.data)) for part in parts]


class I2cBus(Bus):
    """ADS1115s by their addresses."""

    def __init__(self, path: str | Path, chips: Mapping[int, Ads1115Chip]) -> None:
        self.chips = dict(chips)
        super().__init__(path)

    def is_transfer(self, request: int) -> bool:
        """I2C_RDWR."""
        return request == I2C_RDWR

    def setting(self, call: Call) -> tuple[bytes, ...]:
        """I2C_FUNCS: plain transfers, and nothing of SMBus."""
        if call.request != I2C_FUNCS:
            raise OSError(errno.ENOTTY, "")
        return (I2C_FUNC_I2C.to_bytes(8, "little"),)

    def transfer(self, parts: tuple[Part, ...]) -> list[tuple[Part, bytes]]:
        """Message by message; a chip that is not there does not acknowledge its address (EREMOTEIO)."""
        return [(part, self._message(part)) for part in parts]

    def _message(self, part: Part) -> bytes:
        chip = self.chips.get(part.word)
        if chip is None:
            raise OSError(errno.EREMOTEIO, "")
        if part.flags & I2C_M_RD:
            return chip.read(len(part.data))
        chip.write(part.data)
        return b""


class AdcWorld:
    """Both buses over one field: ``spi`` and ``i2c`` hold the paths to give to drivers.

    The MCP3208's reference follows the supply unless ``reference_v`` says what it is.
    """

    def __init__(self, folder: Path, field: Field, *, reference_v: float | None = None) -> None:
        self.field = field
        self.ads1115 = Ads1115Chip(field.volts)
        self.spi = SpiBus(
            folder / "spidev0.0",
            Mcp3208Chip(field.volts, lambda: field.supply_v if reference_v is None else reference_v),
        )
        self.i2c = I2cBus(folder / "i2c-1", {0x48: self.ads1115})

    def close(self) -> None:
        """Take both buses away."""
        self.spi.close()
        self.i2c.close()
