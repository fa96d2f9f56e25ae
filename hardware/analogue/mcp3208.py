"""MCP3208: eight inputs, 12 bit, on SPI (Microchip DS21298E).

Rule 1: every answer is checked against itself: the null bit is low, and the part repeats the result with
the low bit first when it is clocked on (section 5.0, figure 5-2). A wire that floats or rings does not
produce that by chance (1 in 131,072). A wire that is held low reads 0, and so does the supply on it.
"""

from typing import Any

from hardware.analogue.converter import ConverterError, checked_channel, library

BITS = 12
# Mode 0,0 (section 6.1). 500 kHz leaves 3 us to charge the sample capacitor through a loop of some kilo-ohm
# (figure 4-2) and is far above the 10 kHz under which the held charge leaks away (section 6.2).
MODE = 0
SPEED_HZ = 500_000
ANSWER = 5


class Mcp3208:
    """One MCP3208 behind a device file such as ``/dev/spidev0.0``.

    ``reference_mv``: the voltage at its VREF pin (250 to 5500). Raises ConverterError without the bus
    library, ValueError for a reference that the part does not take.
    """

    channels = 8
    full_scale = 2**BITS - 1

    def __init__(self, path: str, *, reference_mv: int = 3300) -> None:
        if not 250 <= reference_mv <= 5500:
            raise ValueError(f"reference_mv is {reference_mv}, must be 250 to 5500")
        self.full_scale_mv = reference_mv
        self._path = path
        self._library = library()
        self._spi: Any = None

    def open(self) -> None:
        """Open the bus anew; ConverterError when it is not there."""
        self.close()
        try:
            self._spi = self._library.SPI(self._path, MODE, SPEED_HZ)
        except OSError as error:
            raise ConverterError(f"{self._path} cannot be opened: {error}") from error

    def read(self, channel: int) -> int:
        """Counts of one input, 0 to 4095; ConverterError for an answer that is not this part's."""
        asked = request(checked_channel(channel, self.channels))
        if self._spi is None:
            raise ConverterError(f"{self._path} is not open")
        try:
            return counts(self._spi.transfer(asked))
        except OSError as error:
            raise ConverterError(f"{self._path} does not transfer: {error}") from error

    def close(self) -> None:
        """Let go of the bus."""
        if self._spi is not None:
            spi, self._spi = self._spi, None
            try:
                spi.close()
            except OSError as error:
                raise ConverterError(f"{self._path} cannot be closed: {error}") from error


def request(channel: int) -> bytes:
    """Five leading zeros, start, single-ended, three bits of channel (section 6.1), and clocks."""
    return bytes((0x06 | channel >> 2, (channel & 3) << 6, *bytes(ANSWER - 2)))


def counts(answer: bytes) -> int:
    """The result in five bytes of answer: 11 unknown bits, null, B11 to B0, B1 to B11, zeros."""
    if len(answer) != ANSWER:
        raise ConverterError(f"{len(answer)} bytes instead of {ANSWER}")
    result = int.from_bytes(answer, "big") >> 16 & 0xFFF
    if int.from_bytes(answer, "big") & 0x1FFF_FFFF != _tail(result):
        raise ConverterError(f"the answer contradicts itself: {answer.hex()}")
    return result


def _tail(result: int) -> int:
    # The 29 bits from the null bit on, as this result must give them.
    mirrored = int(f"{result:0{BITS}b}"[::-1], 2) & 0x7FF
    return result << 16 | mirrored << 5
