"""What ``ironroom wires show`` prints of what the gate tells."""

from __future__ import annotations

from typing import Any

import click

from controller.ledger.copyable import LEGACY
from controller.wires_commands import as_text, coloured


def nfc(device: str, reads: str) -> dict[str, Any]:
    return {"device": device, "port": "/dev/ttyAMA2", "reads": reads}


def test_every_reader_that_lets_in_bare_numbers_says_so() -> None:
    readers = [
        nfc("proofs", "desfire piv ntag424"),
        nfc("both", "desfire piv ntag424 uid"),
        nfc("old", "uid"),
    ]
    told = as_text({"site_key": "4F2A91C0", "buses": [], "nfc": readers, "loops": []})
    marked = [line.split()[0] for line in told if LEGACY in line]
    assert marked == ["both", "old"]


def test_what_may_be_copied_is_red_and_the_rest_of_its_line_is_not() -> None:
    line = as_text({"site_key": "4F2A91C0", "buses": [], "nfc": [nfc("both", "desfire uid")], "loops": []})[
        -1
    ]
    before, red, after = coloured(line).partition(click.style("uid (legacy, may be copied)", fg="red"))
    assert red
    assert "desfire" in before
    assert not after
    assert "\x1b" not in before
    assert coloured("both  desfire piv") == "both  desfire piv"


def test_a_box_without_a_site_key_says_how_to_bring_one() -> None:
    (line,) = as_text({"site_key": "", "buses": [], "nfc": [], "loops": []})
    assert "ironroom badge key enter" in line


def osdp(device: str, *, announced: bool, keyed: bool, answer_ms: float) -> dict[str, Any]:
    """One device as the gate tells of it."""
    counts = {"polls": 9, "retries": 2, "naks": 0, "answer_p50_ms": answer_ms, "answer_p99_ms": answer_ms}
    named = {"device": device, "address": 1, "reads": "desfire", "identity": ""}
    return {**named, **counts, "announced": announced, "keyed": keyed}


def test_only_a_device_that_answers_and_has_no_key_is_told_as_one_to_be_paired() -> None:
    devices = [
        osdp("there", announced=True, keyed=True, answer_ms=3.0),
        osdp("fresh", announced=False, keyed=False, answer_ms=3.0),
        osdp("swapped", announced=False, keyed=True, answer_ms=3.0),
        osdp("absent", announced=False, keyed=False, answer_ms=0.0),
    ]
    bus = {"port": "/dev/ttyAMA1", "baud": 115200, "rubbish": 0, "devices": devices}
    head, *rows = as_text({"site_key": "4F2A91C0", "buses": [bus], "nfc": [], "loops": []})[2:]
    assert "naks" in head
    there, fresh, swapped, absent = rows
    assert "answers" in there
    assert "not paired: ironroom wires pair fresh" in fresh
    assert "does not answer" in swapped
    assert "does not answer" in absent


def test_a_loop_is_told_in_percent_and_in_the_parts_of_the_site_file() -> None:
    loops = [{"line": "main.contact", "ppm": 501_234, "learned": None}]
    told = as_text({"site_key": "4F2A91C0", "buses": [], "nfc": [], "loops": loops})[-1]
    assert "50.12 % (501234 ppm)" in told
