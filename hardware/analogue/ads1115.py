"""ADS1115: four inputs, 16 bit, on I2C (Texas Instruments SBAS444).

Rule 1: a result counts only while the configuration register reads back as it was written: a part that
lost its supply stands at 0x8583 and measures something else. The result is read on both sides of that;
a single shot leaves it standing, so two different readings are a bad wire.
Rule 2: the range is +-4.096 V. It is the smallest that holds a 3.3 V loop supply with its tolerance;
+-2.048 V would clip a cut loop into one that is merely high, and +-6.144 V wastes a bit.
"""

import threading
import time
from typing import Any

from hardware.analogue.converter import ConverterError, checked_channel, library

CONVERSION, CONFIG = 0, 1
ADDRESSES = range(0x48, 0x4C)

# Fields of the configuration register.
START = READY = 0x8000
SINGLE_ENDED = 0x4000  # MUX 100 to 111: AINn against ground
MUX_SHIFT = 12
GAIN_4096_MV = 0x0200
SINGLE_SHOT = 0x0100
RATE_860 = 0x00E0
NO_COMPARATOR = 0x0003
WORD = GAIN_4096_MV | SINGLE_SHOT | RATE_860 | NO_COMPARATOR

# 860 per second, slow by up to 10 % (electrical characteristics, data rate variation).
CONVERSION_S = 1.1 / 860
PATIENCE_S = 0.02


class Ads1115:
    """One ADS1115 at an address (0x48 to 0x4B) of a device file such as ``/dev/i2c-1``.

    Raises ConverterError without the bus library, ValueError for an address that the part cannot have.
    """

    channels = 4
    full_scale = 0x7FFF
    full_scale_mv = 4096

    def __init__(self, path: str, *, address: int = 0x48) -> None:
        if address not in ADDRESSES:
            raise ValueError(f"address is {address:#x}, must be 0x48 to 0x4b")
        self._path = path
        self._address = address
        self._library = library()
        self._pause = threading.Event()
        self._i2c: Any = None

    def open(self) -> None:
        """Open the bus anew; ConverterError when it is not there."""
        self.close()
        try:
            self._i2c = self._library.I2C(self._path)
        except OSError as error:
            raise ConverterError(f"{self._path} cannot be opened: {error}") from error

    def read(self, channel: int) -> int:
        """Counts of one input, 0 to 32767; below ground is 0. ConverterError for what cannot be trusted."""
        word = SINGLE_ENDED | checked_channel(channel, self.channels) << MUX_SHIFT | WORD
        self._write(CONFIG, START | word)
        self._await(word)
        result = self._register(CONVERSION)
        self._believe(word, result)
        return result if result <= self.full_scale else 0

    def close(self) -> None:
        """Let go of the bus."""
        if self._i2c is not None:
            i2c, self._i2c = self._i2c, None
            try:
                i2c.close()
            except OSError as error:
                raise ConverterError(f"{self._path} cannot be closed: {error}") from error

    def _await(self, word: int) -> None:
        until = time.monotonic() + PATIENCE_S
        self._pause.wait(CONVERSION_S)
        # The register is read once more after the end of patience: it may be we who came late.
        while True:
            late = time.monotonic() > until
            config = self._register(CONFIG)
            if config == word | READY:
                return
            if config != word or late:
                raise ConverterError(self._strange(config))

    def _believe(self, word: int, result: int) -> None:
        if (config := self._register(CONFIG)) != word | READY:
            raise ConverterError(self._strange(config))
        if self._register(CONVERSION) != result:
            raise ConverterError(f"{self._name()} gives two results for one conversion")

    def _strange(self, config: int) -> str:
        return f"{self._name()} is not set as it was told: its configuration reads {config:#06x}"

    def _name(self) -> str:
        return f"{self._path} address {self._address:#x}"

    def _write(self, register: int, value: int) -> None:
        self._transfer([self._library.I2C.Message([register, value >> 8, value & 0xFF])])

    def _register(self, register: int) -> int:
        answer = self._library.I2C.Message([0, 0], read=True)
        self._transfer([self._library.I2C.Message([register]), answer])
        return int.from_bytes(bytes(answer.data), "big")

    def _transfer(self, messages: list[Any]) -> None:
        if self._i2c is None:
            raise ConverterError(f"{self._path} is not open")
        try:
            self._i2c.transfer(self._address, messages)
        except OSError as error:
            raise ConverterError(f"{self._name()} does not answer: {error}") from error
