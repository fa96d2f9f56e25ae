"""What a card reader's chip does for us: list the cards in its field, select one, swap frames with it.

Rule 1: it drives nfcpy's Device and speaks the chip's own commands where nfcpy has none: nfcpy lists one card
(InListPassiveTarget, MaxTg 1), and a second one must not stay unseen.
Rule 2: a list that is not exactly what the manual allows is no list of cards (NXP UM0701-02, 7.3.5).
Rule 3: only what the chip says of the air becomes SilentError or NoiseError; the rest is the reader's fault.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hardware.nfc_iso_dep import FRAMES, NoiseError, SilentError
from hardware.nfc_library import nfc, pn53x
from hardware.nfc_presence import is_random

_LIST = 0x4A
_TWO_OF_TYPE_A = b"\x02\x00"
_LIST_S = 1.0
_HEAD = 5  # number, SENS_RES (2), SEL_RES, length of the UID
_UID_SIZES = (4, 7, 10)  # ISO/IEC 14443-3, 6.5.4
_ISO_DEP = 0x20  # ISO/IEC 14443-3, table 9: compliant with 14443-4
_RF_TIMINGS = 0x02
_ATR_WAIT = 0x0B
_TICK_S = 0.0001
_LONGEST_TICKS = 16
# What the serial line and the chip need beside the card.
_LINE_S = 0.1
_CRC = 2  # of a frame, which the chip adds and takes off
_GONE = 0x01
_DISTURBED = (0x02, 0x03, 0x04, 0x05, 0x06)  # CRC, parity, bit count, framing, collision (7.1)


@dataclass(frozen=True, slots=True)
class Found:
    """A card in the field: its UID and whether it says that it speaks ISO/IEC 14443-4."""

    uid: bytes
    iso_dep: bool


def parse_list(data: bytes) -> tuple[Found, ...]:
    """Cards in an answer to InListPassiveTarget for type A, each once. Raises ValueError where it is none."""
    count, rest = (data[0], data[1:]) if data else (-1, b"")
    if not 0 <= count <= 2:
        raise ValueError(f"a list of {count} cards")
    found: list[Found] = []
    for number in range(1, count + 1):
        one, rest = _target(number, rest)
        if one not in found:
            found.append(one)
    if rest:
        raise ValueError("a list of cards with something behind it")
    return tuple(found)


def _target(number: int, data: bytes) -> tuple[Found, bytes]:
    if len(data) < _HEAD or data[0] != number:
        raise ValueError("a list of cards that is cut short")
    size = data[_HEAD - 1]
    uid = data[_HEAD : _HEAD + size]
    if size not in _UID_SIZES or len(uid) != size:
        raise ValueError(f"a UID of {len(uid)} bytes")
    return Found(uid, bool(data[3] & _ISO_DEP)), data[_HEAD + size :]


class Chip:
    """The chip behind an opened nfcpy Device of the PN53x family."""

    def __init__(self, device: Any) -> None:
        self._device = device
        self._card: nfc.clf.RemoteTarget | None = None
        self._ticks = 0
        self._field = True

    @property
    def frame(self) -> int:
        """Longest frame between chip and card, with its CRC, that fits into a message of the wire."""
        device = self._device
        room = min(device.get_max_send_data_size(None), device.get_max_recv_data_size(None))
        return max(size for size in FRAMES if size <= room + _CRC)

    def cards(self) -> tuple[Found, ...]:
        """Start all cards in the field afresh and list them, two at most; an empty field is switched off."""
        self._off()
        self._field = True
        data = self._device.chipset.command(_LIST, bytearray(_TWO_OF_TYPE_A), timeout=_LIST_S)
        found = parse_list(bytes(data))
        if not found:
            self._off()
        return found

    def select(self, uid: bytes) -> None:
        """Start this card afresh and alone: others in the field are left asleep. Raises SilentError.

        A card with a random UID has another one by then and cannot be called by it; any such card will do.
        """
        self._off()
        self._field = True
        self._ticks = 0
        called = bytearray() if is_random(uid) else bytearray(uid)
        self._card = self._device.sense_tta(nfc.clf.RemoteTarget("106A", sel_req=called))
        came = b"" if self._card is None else bytes(self._card.sdd_res or b"")
        if came != uid and not (is_random(came) and is_random(uid)):
            raise SilentError("the card is gone")

    def first(self, frame: bytes, wait_s: float) -> bytes:
        """Swap the first frames after a selection, with nfcpy setting up the chip's transceiver for it."""
        try:
            return bytes(self._device.send_cmd_recv_rsp(self._card, bytearray(frame), wait_s))
        except nfc.clf.TimeoutError as error:
            raise SilentError("the card does not answer") from error
        except nfc.clf.TransmissionError as error:
            raise NoiseError("its answer is no frame") from error

    def swap(self, frame: bytes, wait_s: float) -> bytes:
        """Send a frame to the selected card; its answer. Raises SilentError and NoiseError."""
        waited_s = self._wait_set(wait_s)
        try:
            return bytes(self._device.chipset.in_communicate_thru(bytearray(frame), waited_s + _LINE_S))
        except pn53x.Chipset.Error as error:
            if error.errno == _GONE:
                raise SilentError("the card does not answer") from error
            if error.errno in _DISTURBED:
                raise NoiseError("its answer is no frame") from error
            raise

    def _off(self) -> None:
        if self._field:
            self._device.mute()
            self._field = False

    def _wait_set(self, wait_s: float) -> float:
        # 100 microseconds, doubled so often (RFConfiguration, item 2; UM0701-02, 7.3.1).
        ticks = next(
            (n for n in range(1, _LONGEST_TICKS) if _TICK_S * 2 ** (n - 1) >= wait_s), _LONGEST_TICKS
        )
        if ticks != self._ticks:
            self._device.chipset.rf_configuration(_RF_TIMINGS, bytearray((0, _ATR_WAIT, ticks)))
            self._ticks = ticks
        return float(_TICK_S * 2 ** (ticks - 1))
