"""What any bytes on an OSDP line may do to the panel. Rule: no crash, no card, no key, nothing that grows.

The reader behind the line is honest and shows nothing: whatever is told besides levels and losses is forged.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from firmware_shims.osdp_bench import Lockstep
from hardware.osdp import messages, transparent_messages
from hardware.osdp.codec import MAX_FRAME, Frame, Parser, encode
from hardware.osdp.ear import Ear
from hardware.osdp.messages import Command, MalformedError
from hardware.osdp.secure import DEFAULT_KEY
from hardware.signals import CardRead, KeysTyped, ReaderPaired
from tests.fuzzing.dice import Choices

KEY = bytes.fromhex("8F1D3C5B7A9988E7D6C5B4A392817060")
FORGED = (CardRead, KeysTyped, ReaderPaired)
TURNS = 40


class ForgedError(AssertionError):
    """The line got something that it must not get."""


def line(data: bytes) -> None:
    """A session, from its greeting on, in which any reply may be damaged, replaced or preceded by noise."""
    dice, pair, ear = Choices(data), Lockstep(KEY), Ear(115200)

    def wire(_: Frame, reply: Frame) -> list[Frame]:
        wanted, good = dice.byte(), encode(reply)
        heard = [*ear.hear(dice.changed(good) if wanted % 2 else good, pair.now), *ear.hear(b"", pair.now)]
        if wanted % 8 == 7:
            heard.append(replace(_any_frame(dice), address=1))
        return [frame for frame in heard if frame.reply and frame.address == 1]

    pair.wire = wire
    for _ in range(TURNS):
        pair.turn()
    _unharmed(pair)


def _unharmed(pair: Lockstep) -> None:
    told = [one for one in pair.signals if isinstance(one, FORGED)]
    keys = [one for one in pair.commands if one.body[:1] == bytes([Command.KEYSET])]
    leaked = [one for one in pair.commands for key in (KEY, DEFAULT_KEY) if key in encode(one)]
    default = [one for one in pair.commands if one.block[:1] == b"\x11" and one.block[1:] != b"\x01"]
    if told or keys or leaked or default:
        raise ForgedError(repr((told, keys, leaked, default)))


def frames(data: bytes) -> None:
    """A stream of any bytes, in pieces: only frames that came byte for byte, and no more kept than one."""
    dice, parser, stream = Choices(data), Parser(), bytearray()
    found: list[Frame] = []
    while dice.left:
        piece = dice.take(255) if dice.byte() % 2 else encode(_any_frame(dice))
        stream += piece
        found += parser.feed(piece)
        if len(parser) > MAX_FRAME:
            raise ForgedError(f"{len(parser)} bytes are kept")
    found += parser.give_up()
    if forged := [one for one in found if encode(one) not in stream]:
        raise ForgedError(repr(forged))


def _any_frame(dice: Choices) -> Frame:
    block, body = dice.take(4), dice.take(60)
    fits = 0x11 <= block[0] <= 0x14 if block else True
    return Frame(
        dice.byte() % 127,
        reply=True,
        sequence=dice.byte() % 4,
        block=block if fits else b"",
        body=body or b"@",
    )


def replies(data: bytes) -> None:
    """The data of every reply that is taken apart."""
    for parse in (
        messages.card,
        messages.keys,
        messages.cover_open,
        messages.power_lost,
        messages.identity,
        transparent_messages.report,
    ):
        with suppress(MalformedError):
            parse(data)
    messages.message(data or b"@")  # no frame is without one byte, its code
    messages.refusal(data)
    with suppress(MalformedError):
        transparent_messages.capability(data, transparent_messages.SMART_CARDS)
