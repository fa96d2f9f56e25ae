"""Two converters as their data sheets describe them: bits of the MCP3208, registers of the ADS1115.

Rule 1: written from the data sheets (DS21298E, SBAS444), not from the driver: it imports none of it.
"""

import time
from collections.abc import Callable, Iterator

Volts = Callable[[int], float]

# Config register of the ADS1115 after power-up; gain codes in volts, rates in samples per second.
ADS_RESET = 0x8583
ADS_RANGE = (6.144, 4.096, 2.048, 1.024, 0.512, 0.256, 0.256, 0.256)
ADS_RATE = (8, 16, 32, 64, 128, 250, 475, 860)
ADS_PAIRS = ((0, 1), (0, 3), (1, 3), (2, 3))


class Mcp3208Chip:
    """Answers one selection (chip select low) bit by bit. ``reference``: the voltage at VREF."""

    def __init__(self, volts: Volts, reference: Callable[[], float]) -> None:
        self._volts = volts
        self._reference = reference

    def transfer(self, out: bytes) -> bytes:
        """What comes in while ``out`` goes out; nobody drives the wire before the null bit: it reads 1."""
        sent = [byte >> n & 1 for byte in out for n in range(7, -1, -1)]
        heard = list(self._bits(sent))
        octets = (heard[n : n + 8] for n in range(0, len(heard), 8))
        return bytes(sum(bit << (7 - n) for n, bit in enumerate(octet)) for octet in octets)

    def _bits(self, sent: list[int]) -> Iterator[int]:
        start = sent.index(1) if 1 in sent else len(sent)
        asked = sent[start + 1 : start + 5]
        for _ in range(min(len(sent), start + 6)):
            yield 1
        if len(sent) <= start + 6:
            return
        result = self._result(asked)
        msb_first = [result >> n & 1 for n in range(11, -1, -1)]
        # Null bit, B11 to B0, B1 to B11, zeros for ever.
        answer = [0, *msb_first, *reversed(msb_first[:-1])]
        for n in range(len(sent) - start - 6):
            yield answer[n] if n < len(answer) else 0

    def _result(self, asked: list[int]) -> int:
        single, channel = asked[0], asked[1] << 2 | asked[2] << 1 | asked[3]
        found = self._volts(channel) - (0.0 if single else self._volts(channel ^ 1))
        return max(0, min(4095, int(4096 * found / self._reference())))


class Ads1115Chip:
    """Four registers behind a pointer; a conversion takes its time."""

    def __init__(self, volts: Volts) -> None:
        self._volts = volts
        self.power_up()

    def power_up(self) -> None:
        """All registers as after power-up."""
        self._registers = [0, ADS_RESET & 0x7FFF, 0x8000, 0x7FFF]
        self._pointer = 0
        self._ready_at = 0.0
        self._pending: int | None = None

    def write(self, data: bytes) -> None:
        """Pointer, then a register in two bytes."""
        if not data:
            return
        self._pointer = data[0] & 3
        if len(data) >= 3 and self._pointer != 0:
            value = int.from_bytes(data[1:3], "big")
            self._registers[self._pointer] = value & 0x7FFF if self._pointer == 1 else value
            if self._pointer == 1 and value & 0x8000 and not self._busy():
                self._convert(value)

    def read(self, count: int) -> bytes:
        """The register at the pointer."""
        if not self._busy() and self._pending is not None:
            self._registers[0], self._pending = self._pending, None
        value = self._registers[self._pointer]
        if self._pointer == 1 and not self._busy():
            value |= 0x8000
        return value.to_bytes(2, "big")[:count].ljust(count, b"\xff")

    def _busy(self) -> bool:
        return time.monotonic() < self._ready_at

    def _convert(self, config: int) -> None:
        mux = config >> 12 & 7
        found = self._volts(mux - 4) if mux >= 4 else self._difference(*ADS_PAIRS[mux])
        counts = round(found / ADS_RANGE[config >> 9 & 7] * 32768)
        self._pending = max(-32768, min(32767, counts)) & 0xFFFF
        self._ready_at = time.monotonic() + 1 / ADS_RATE[config >> 5 & 7]

    def _difference(self, plus: int, minus: int) -> float:
        return self._volts(plus) - self._volts(minus)
