"""``ironroom camera``: recorder and cameras as they are; teaching cameras what they should see.

Rule: whatever a recorder says of itself is printed so that it cannot command a terminal.
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
from controller.ledger.terminal import harmless
from controller.order_ends import ends_of, why_of
from controller.wire_names import of_cameras
from controller.wires_commands import table

CAMERAS = ("camera", "condition", "frames/s", "age ms", "held s", "held MB", "reconnects")
GOOD = "back"
MB = 1_000_000


@click.group("camera", epilog="Example: ironroom camera show")
def camera_group() -> None:
    """See how recorder and cameras are; teach a camera what it should see."""


@camera_group.command("show", epilog="Example: ironroom camera show --json")
@data_option
@json_option
def show(*, data: Path, as_json: bool) -> None:
    """Show the recorder, and of every camera its condition, frames, and how far back its pictures reach."""
    with gate_of(data) as gate:
        eyes = gate.eyes()
    if as_json:
        click.echo(json.dumps(eyes))
        return
    for line in as_text(eyes):
        click.echo(line)


def as_text(eyes: dict[str, Any]) -> list[str]:
    """The answer of the gate as lines for people."""
    if eyes["recorder"] is None:
        return ["this site has no cameras"]
    lines = [_recorder(eyes["recorder"]), *table(CAMERAS, [_camera(one) for one in eyes["cameras"]])]
    return [harmless(line) for line in lines]


def _recorder(told: dict[str, Any]) -> str:
    if told["state"] == "gone":
        return f"recorder: gone ({told['why']})"
    if told["state"] == "coming":
        return "recorder: it has come, and does not look through all cameras yet"
    shed = f", leaves out {100 * told['shed']:.0f} % of frames" if told["shed"] else ""
    return f"recorder: well, {told['rss_mb']:.0f} MB, {told['cpu_percent']:.0f} % of a core{shed}"


def _camera(told: dict[str, Any]) -> tuple[object, ...]:
    if told["condition"] is None:
        return (told["camera"], "unknown", *5 * ("-",))
    return (
        told["camera"],
        "good" if told["condition"] == GOOD else told["condition"],
        f"{told['fps']:.1f}",
        "-" if told["age_ms"] < 0 else told["age_ms"],
        f"{told['ring_s']:.1f}",
        f"{told['ring_bytes'] / MB:.1f}",
        told["reconnects"],
    )


@camera_group.command("learn", epilog="Example: ironroom camera learn door room --as li --and wang")
@click.argument("cameras", nargs=-1, required=True)
@by_option
@second_option
@data_option
@json_option
def learn(*, cameras: tuple[str, ...], by: str, second: str, data: Path, as_json: bool) -> None:
    """Take what CAMERAS see now as what they should see: after one was put up, turned or cleaned.

    Exit code 0 when each of them has learned, 1 when that was refused or one could not.
    """
    with gate_of(data) as gate:
        answer = gate.ask("learn_cameras", by, second, cameras=list(cameras))
        settled(of_cameras(gate, answer, cameras))
        ends = ends_of(gate, "cameras_learning", cameras)
    for camera, end in ends.items():
        click.echo(json.dumps({"camera": camera, **end}) if as_json else harmless(_learned(camera, end)))
    sys.exit(0 if all(end.get("kind") == Kind.CAMERA_LEARNED for end in ends.values()) else REFUSED)


def _learned(camera: str, end: Told) -> str:
    if end.get("kind") == Kind.CAMERA_LEARNED:
        return f"{camera} has learned what it sees"
    return f"{camera} has learned nothing: {why_of(end)}"
