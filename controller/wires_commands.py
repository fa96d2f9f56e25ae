"""``ironroom wires``: buses, readers and loops as they are; giving readers keys, teaching loops.

Rule: whatever a device says of itself is printed so that it cannot command a terminal.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from controller.gate_options import by_option, gate_of, second_option, settled
from controller.ledger.commands import data_option, json_option
from controller.ledger.terminal import harmless

READERS = (
    *("device", "address", "state", "reads", "polls", "retries", "refusals", "p50 ms", "p99 ms"),
    "identity",
)
NFC = ("reader", "port", "reads")
LOOPS = ("loop", "measures", "learned")
LEGACY = "uid (legacy, may be copied)"


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
        click.echo(click.style(line, fg="red") if "legacy" in line else line)


def as_text(wires: dict[str, Any]) -> list[str]:
    """The answer of the gate as lines for people."""
    lines = [f"site key {wires['site_key'] or 'missing: ironroom badge key enter'}"]
    for bus in wires["buses"]:
        lines.append(f"{bus['port']}  {bus['baud']} baud 8N1, {bus['rubbish']} bytes of rubbish")
        lines += _table(READERS, [_reader(device) for device in bus["devices"]])
    lines += _table(NFC, [(one["device"], one["port"], _reads(one["reads"])) for one in wires["nfc"]])
    lines += _table(LOOPS, [(one["line"], one["ppm"], one["learned"]) for one in wires["loops"]])
    return [harmless(line) for line in lines]


def _reader(told: dict[str, Any]) -> tuple[object, ...]:
    state = "answers" if told["announced"] else "does not answer"
    counts = (told["polls"], told["retries"], told["naks"], f"{told['p50_ms']:.1f}", f"{told['p99_ms']:.1f}")
    return (told["device"], told["address"], state, _reads(told["reads"]), *counts, told["identity"])


def _reads(levels: str) -> str:
    return LEGACY if levels == "uid" else levels


def _table(heading: tuple[str, ...], rows: list[tuple[object, ...]]) -> list[str]:
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
def pair(*, device: str, by: str, second: str, data: Path) -> None:
    """Give the OSDP reader or board DEVICE a fresh key of its own; within two minutes, or not at all.

    A reader fresh from its box is put into its install mode first, as its maker describes. A reader that
    already has a key of this site gets a new one over its secure channel.
    """
    with gate_of(data) as gate:
        settled(gate.ask("pair_reader", by, second, device=device))
    click.echo(harmless(f"{device} is being paired; ironroom wires show tells when it answers"))


@wires_group.command("learn", epilog="Example: ironroom wires learn main.contact --as li --and wang")
@click.argument("lines", nargs=-1, required=True)
@by_option
@second_option
@data_option
def learn(*, lines: tuple[str, ...], by: str, second: str, data: Path) -> None:
    """Take what the supervised LINES measure now as what they measure at rest, everything shut."""
    with gate_of(data) as gate:
        settled(gate.ask("learn_loops", by, second, lines=list(lines)))
    click.echo("the loops are being measured; ironroom wires show tells what was learned")
