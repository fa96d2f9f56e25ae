"""How an OSDP peripheral can be wrong, hostile or half dead. Rule 1: one lie, one name, one function.

A lie takes the honest machine, the command frame and what an honest machine would say, and gives what goes
on the wire instead: bytes, so that even the frame itself may be false.
"""

from __future__ import annotations

import os
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from hardware.osdp.codec import FIRST_SEALED, Frame, encode
from hardware.osdp.messages import Message, Nak, Reply
from hardware.osdp.secure import CRYPTOGRAM, PUBLIC_KEY, VERDICT

if TYPE_CHECKING:
    from collections.abc import Callable

    from firmware_shims.osdp_machine import Machine

FORGED_CARD = Message(Reply.RAW, bytes([0, 0, 32, 0]) + bytes.fromhex("CAFEBABE"))


class Lie(StrEnum):
    """What the peripheral does instead of the right thing."""

    WRONG_KEY = "wrong key"
    DEFAULT_KEY = "default key"
    CLEAR_TEXT = "clear text only"
    CLEAR_CARD = "a card in clear text inside a session"
    WRONG_MAC = "wrong mac"
    WRONG_SEQUENCE = "wrong sequence"
    WRONG_VERDICT = "a verdict other than yes"
    NAK = "refuses everything"
    BUSY = "busy for ever"
    MUTE = "mute"
    BABBLE = "babble"
    REPLAY = "old replies from another session"


def told(lie: Lie, machine: Machine, heard: Frame, honest: Frame) -> bytes:
    """What goes on the wire instead of the honest reply; the lies not in the table need no false reply."""
    return LIES[lie](machine, heard, honest) if lie in LIES else encode(honest)


def _public_key(_: Machine, __: Frame, honest: Frame) -> bytes:
    if honest.block[:1] == bytes([CRYPTOGRAM]):
        return encode(replace(honest, block=bytes([CRYPTOGRAM]) + PUBLIC_KEY))
    return encode(honest)


def _clear_text(machine: Machine, heard: Frame, _: Frame) -> bytes:
    """A reader of the cheap kind: no secure channel, everything else gladly in clear."""
    machine.channel, machine.sequence = None, heard.sequence
    if heard.block:
        return encode(machine.clear(Message(Reply.NAK, bytes([Nak.NO_SECURE_CHANNEL]))))
    return encode(machine.clear(machine.execute(Message(heard.body[0], heard.body[1:]))))


def _sealed(frame: Frame) -> bool:
    return bool(frame.block) and frame.block[0] >= FIRST_SEALED


def _clear_card(machine: Machine, _: Frame, honest: Frame) -> bytes:
    return encode(machine.clear(FORGED_CARD) if _sealed(honest) else honest)


def _wrong_mac(_: Machine, __: Frame, honest: Frame) -> bytes:
    if not _sealed(honest):
        return encode(honest)
    return encode(replace(honest, body=honest.body[:-1] + bytes([honest.body[-1] ^ 1])))


def _wrong_sequence(_: Machine, __: Frame, honest: Frame) -> bytes:
    return encode(replace(honest, sequence=honest.sequence % 3 + 1))


def _wrong_verdict(_: Machine, __: Frame, honest: Frame) -> bytes:
    if honest.block[:1] == bytes([VERDICT]):
        return encode(replace(honest, block=bytes([VERDICT, 0xFF])))
    return encode(honest)


def _refusal(machine: Machine, _: Frame, honest: Frame) -> bytes:
    refusal = Message(Reply.NAK, bytes([Nak.RECORD]))
    return encode(machine.reply(refusal) if _sealed(honest) else honest)


def _busy(machine: Machine, _: Frame, __: Frame) -> bytes:
    """BUSY comes in clear and with sequence 0 (OSDP v2.2 section 7, osdp_BUSY)."""
    return encode(replace(machine.clear(Message(Reply.BUSY)), sequence=0))


def babble() -> bytes:
    """A burst of noise with the beginnings of frames in it."""
    return os.urandom(24) + bytes.fromhex("5380FF0004") + os.urandom(8)


LIES: dict[Lie, Callable[[Machine, Frame, Frame], bytes]] = {
    Lie.DEFAULT_KEY: _public_key,
    Lie.CLEAR_TEXT: _clear_text,
    Lie.CLEAR_CARD: _clear_card,
    Lie.WRONG_MAC: _wrong_mac,
    Lie.WRONG_SEQUENCE: _wrong_sequence,
    Lie.WRONG_VERDICT: _wrong_verdict,
    Lie.NAK: _refusal,
    Lie.BUSY: _busy,
}
