"""Which names a question about wires or cameras could have meant, where the controller did not understand it.

Rule: the controller judges; here its refusal gets the names that it would have taken.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from controller.core.words import Reason
from controller.gate_client import GateClient, Told


def of_devices(gate: GateClient, answer: Told, device: str) -> Told:
    """The answer to a pairing; where DEVICE is on no bus, its ``need`` says what is."""
    return _told(answer, "an OSDP device", [device], lambda: devices(gate.wires()))


def of_loops(gate: GateClient, answer: Told, lines: Sequence[str]) -> Told:
    """The answer to learning; where one of LINES is on no converter, its ``need`` says what is."""
    return _told(answer, "a line on a converter", lines, lambda: loops(gate.wires()))


def of_cameras(gate: GateClient, answer: Told, cameras: Sequence[str]) -> Told:
    """The answer to learning; where one of CAMERAS is none, its ``need`` says which there are."""
    return _told(answer, "a camera of this site", cameras, lambda: known_cameras(gate.eyes()))


def known_cameras(eyes: dict[str, Any]) -> list[str]:
    """Names of all cameras."""
    return [one["camera"] for one in eyes["cameras"]]


def devices(wires: dict[str, Any]) -> list[str]:
    """Names of all OSDP devices."""
    return [device["device"] for bus in wires["buses"] for device in bus["devices"]]


def loops(wires: dict[str, Any]) -> list[str]:
    """Names of all lines that are measured."""
    return [loop["line"] for loop in wires["loops"]]


def _told(answer: Told, what: str, asked: Sequence[str], known: Callable[[], list[str]]) -> Told:
    if answer.get("refused") != Reason.NOT_UNDERSTOOD:
        return answer
    there = known()
    wrong = sorted({*asked} - {*there})
    if not wrong:
        return answer
    need = f"{what}, and {' and '.join(wrong)} is none; there is {', '.join(sorted(there)) or 'none here'}"
    return {**answer, "need": need}
