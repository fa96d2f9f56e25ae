"""What a Lamp looks and sounds like at an OSDP reader, and back. Rule 1: a table, readable from both ends.

Rule 2: only red, green and amber, steady or flashing: a reader with a two-colour LED shows every Lamp.
Rule 3: one Lamp is always the same bytes, so that every refusal outside is the same refusal.

========  ====================  =====================
Lamp      LED (permanent)       sounder
========  ====================  =====================
idle      red, steady           silent
pending   amber, flashing       one short tone
granted   green, steady         one long tone
refused   red, flashing fast    three short tones
wait      amber, steady         two short tones
========  ====================  =====================
"""

from __future__ import annotations

from dataclasses import dataclass

from hardware.osdp.messages import Command, MalformedError, Message
from hardware.signals import Lamp

BLACK, RED, GREEN, AMBER = 0, 1, 2, 3
SILENT, TONE = 1, 2
"""Tone codes of osdp_BUZ: off, and the reader's own tone."""


@dataclass(frozen=True, slots=True)
class Show:
    """One row of the table; times are in units of 100 ms, as on the wire."""

    colour: int
    on: int = 1
    off: int = 0
    tone: int = SILENT
    tone_on: int = 0
    tone_off: int = 0
    times: int = 0


SHOWS = {
    Lamp.IDLE: Show(RED),
    Lamp.PENDING: Show(AMBER, 5, 5, TONE, 1, 1, 1),
    Lamp.GRANTED: Show(GREEN, 1, 0, TONE, 8, 1, 1),
    Lamp.REFUSED: Show(RED, 2, 2, TONE, 2, 1, 3),
    Lamp.WAIT: Show(AMBER, 1, 0, TONE, 1, 1, 2),
}


def commands(lamp: Lamp) -> tuple[Message, Message]:
    """The osdp_LED and osdp_BUZ that show this lamp on the first LED of the first reader."""
    show = SHOWS[lamp]
    cancel = bytes([1, 0, 0, 0, 0, 0, 0])
    steady = bytes([1, show.on, show.off, show.colour, BLACK])
    led = Message(Command.LED, bytes(2) + cancel + steady)
    buzzer = Message(Command.BUZ, bytes([0, show.tone, show.tone_on, show.tone_off, show.times]))
    return led, buzzer


def lamp_of(led: bytes) -> Lamp:
    """The lamp that the data of an osdp_LED shows; raises MalformedError for a picture not in the table."""
    for lamp in Lamp:
        if commands(lamp)[0].data == led:
            return lamp
    raise MalformedError("a light that stands for no lamp")
