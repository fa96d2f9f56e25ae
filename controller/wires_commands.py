"""``ironroom wires``: buses, readers and loops as they are; giving readers keys, teaching loops.

Rule: whatever a device says of itself is printed so that it cannot command a terminal.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from controller.core.words import Kind
from controller.gate_client import Told
from controller.gate_options import REFUSED, by_option, gate_of, second_option, settled
from controller.ledger.commands import data_option, json_option
from controller.ledger.copyable import LEGACY, LEVEL
from controller.ledger.terminal import harmless
from controller.order_ends import ends_of, why_of
from controller.wire_names import of_devices, of_loops

READERS = (
    *("device", "address", "state", "reads", "polls", "retries", "naks", "p50 ms", "p99 ms"),
    "identity",
)
NFC = ("reader", "port", "reads")
LOOPS = ("loop", "measures", "learned")
PPM_A_PERCENT = 10_000
COPYABLE = f"{LEVEL} ({LEGACY})"


@click.group("wires", epilog="Example: ironroom wires show")
def wires_group() -> None:
    """See buses, readers and loops; pair a reader; teach a supervised loop."""


@wires_group.command("show", epilog="Example: ironroom wires show --json")
@data_option
@json_option
def show(*, data: Path, as_json: bool) -> None:
    """Show every bus with its serial settings, and how each device on it answers."""
    with gate_of(data) as gate:
        wires = gate.wires()
    if as_json:
        click.echo(json.dumps(wires))
        return
    for line in as_text(wires):
        click.echo(coloured(line))


def coloured(line: str) -> str:
    """A line for a terminal: what may be copied is red, and nothing else."""
    return line.replace(COPYABLE, click.style(COPYABLE, fg="red"))


def as_text(wires: dict[str, Any]) -> list[str]:
    """The answer of the gate as lines for people."""
    lines = [f"site key {wires['site_key'] or 'missing: ironroom badge key enter'}"]
    for bus in wires["buses"]:
        lines.append(f"{bus['port']}  {bus['baud']} baud 8N1, {bus['rubbish']} bytes of rubbish")
        lines += table(READERS, [_reader(device) for device in bus["devices"]])
    lines += table(NFC, [(one["device"], one["port"], _reads(one["reads"])) for one in wires["nfc"]])
    lines += table(
        LOOPS, [(one["line"], *map(_share, (one["ppm"], one["learned"]))) for one in wires["loops"]]
    )
    return [harmless(line) for line in lines]


def _reader(told: dict[str, Any]) -> tuple[object, ...]:
    counts = (
        told["polls"],
        told["retries"],
        told["naks"],
        f"{told['answer_p50_ms']:.1f}",
        f"{told['answer_p99_ms']:.1f}",
    )
    return (told["device"], told["address"], _state(told), _reads(told["reads"]), *counts, told["identity"])


def _state(told: dict[str, Any]) -> str:
    """Whether a device is there; one that has no key of this box and yet answers is there to be paired.

    One that has a key and is not believed is not to be paired as it is: it may be another.
    """
    if told["announced"]:
        return "answers"
    heard = told["naks"] or told["answer_p50_ms"]
    if heard and not told["keyed"]:
        return f"not paired: ironroom wires pair {told['device']}"
    return "does not answer"


def _share(ppm: int | None) -> str:
    """Part of the supply that stands on a loop."""
    return "-" if ppm is None else f"{ppm / PPM_A_PERCENT:.2f} % ({ppm} ppm)"


def _reads(levels: str) -> str:
    return " ".join(COPYABLE if level == LEVEL else level for level in levels.split())


def table(heading: tuple[str, ...], rows: list[tuple[object, ...]]) -> list[str]:
    """Rows in columns under their heading; without rows nothing."""
    if not rows:
        return []
    cells = [heading, *([str(cell) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in cells]


@wires_group.command("pair", epilog="Example: ironroom wires pair main.in --as li --and wang")
@click.argument("device")
@by_option
@second_option
@data_option
@json_option
def pair(*, device: str, by: str, second: str, data: Path, as_json: bool) -> None:
    """Give the OSDP reader or board DEVICE a fresh key of its own; within two minutes, or not at all.

    A reader fresh from its box is put into its install mode first, as its maker describes. A reader that
    already has a key of this site gets a new one over its secure channel. Exit code 0 when the device has
    proved its new key, 1 when it was refused or did not.
    """
    with gate_of(data) as gate:
        answer = gate.ask("pair_reader", by, second, device=device)
        settled(of_devices(gate, answer, device))
        if not as_json:
            click.echo(harmless(f"{device} is being paired"), err=True)
        end = ends_of(gate, "pairings", [device])[device]
    done = end.get("kind") == Kind.READER_PAIRED
    told = f"{device} has a key of its own; it is {end['identity']}" if done else f"not paired: {why_of(end)}"
    click.echo(json.dumps(end) if as_json else harmless(told))
    sys.exit(0 if done else REFUSED)


@wires_group.command("learn", epilog="Example: ironroom wires learn battery enclosure --as li --and wang")
@click.argument("lines", nargs=-1, required=True)
@by_option
@second_option
@data_option
@json_option
def learn(*, lines: tuple[str, ...], by: str, second: str, data: Path, as_json: bool) -> None:
    """Take what the supervised LINES measure now as what they measure at rest, everything shut.

    Exit code 0 when each of them was learned, 1 when one was refused or is not at rest.
    """
    with gate_of(data) as gate:
        answer = gate.ask("learn_loops", by, second, lines=list(lines))
        settled(of_loops(gate, answer, lines))
        ends = ends_of(gate, "learning", lines)
    for line, end in ends.items():
        click.echo(json.dumps({"line": line, **end}) if as_json else harmless(_learned(line, end)))
    sys.exit(0 if all(end.get("kind") == Kind.LOOP_LEARNED for end in ends.values()) else REFUSED)


def _learned(line: str, end: Told) -> str:
    if end.get("kind") == Kind.LOOP_LEARNED:
        return f"{line} rests at {_share(end['ppm'])} of its supply"
    return f"{line} was not learned: it is not at rest, or not measured"
