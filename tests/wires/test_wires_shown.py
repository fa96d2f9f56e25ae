"""What ``ironroom wires show`` prints of what the gate tells."""

from __future__ import annotations

from typing import Any

from controller.ledger.copyable import LEGACY
from controller.wires_commands import as_text


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


def test_a_box_without_a_site_key_says_how_to_bring_one() -> None:
    (line,) = as_text({"site_key": "", "buses": [], "nfc": [], "loops": []})
    assert "ironroom badge key enter" in line
