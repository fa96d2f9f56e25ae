"""The proof: how far the log is signed and witnessed is what the log itself says."""

from __future__ import annotations

import pytest

from controller.ledger.custody_log import CustodyLog
from controller.ledger.reading import LogReader
from controller.ledger.sqlite import sqlite3
from tests.web.conftest import Console
from tests.web.peer import Peer, person
from web.review.verifying import verify_newest


def test_it_shows_size_root_and_key_and_what_no_witness_has_seen(
    written: CustodyLog, console: Console
) -> None:
    text = console.get("/proof").text
    root = written.root.hex().upper()
    assert " ".join(root[at : at + 4] for at in range(0, 16, 4)) in text
    assert str(written.vkey).replace("+", "&#43;") in text or str(written.vkey) in text
    assert "9 entries not witnessed yet" in text
    assert "ironroom log verify" in text


def test_holds_witnesses_and_what_was_pruned_are_told(
    written: CustodyLog, console: Console, peer: Peer
) -> None:
    log = {"witnesses": {"branch": 4}, "holds": ["court"], "kept_from": 2, "troubles": ["log_conflict"]}
    peer.answers["room"] = {
        "view": {"alarms": [], "clock": "trusted", "wall_ms": 1_772_413_260_000, "log": log}
    }
    text = console.get("/proof").text
    for said in ("branch", "court", "entry 2", "log_conflict"):
        assert said in text


def test_a_verification_is_an_entry_and_says_what_it_read(
    written: CustodyLog, console: Console, peer: Peer
) -> None:
    answer = console.post("/proof/verify", {})
    assert "Entries 0 to 9" in answer.text
    assert peer.said("look")[0]["what"] == "verify"
    assert "Last:" in console.get("/proof").text


def test_a_changed_byte_is_told_with_its_entry(written: CustodyLog, console: Console) -> None:
    with sqlite3.connect(written.file) as db:
        db.execute(
            "UPDATE entry SET body=CAST(replace(CAST(body AS TEXT), 'forced', 'tamper') AS blob) WHERE n=5"
        )
    answer = console.post("/proof/verify", {})
    assert "Wrong at entry 5" in answer.text


def test_only_the_newest_are_verified_while_somebody_waits(written: CustodyLog) -> None:
    at = {"time": "2026-03-02T01:02:00.000Z", "clock": "synced", "policy": "p1", "kind": "granted"}
    for n in range(5):
        written.append([{**at, "at": 100_000 + n}])
    with LogReader(written.file) as reader:
        found = verify_newest(reader, 2)
        assert (found.last, found.wrong) == (written.size - 1, "")
        assert found.first <= written.size - 2


@pytest.mark.parametrize(
    ("role", "page", "verify"), [("guard", 200, 403), ("custodian", 403, 403), ("auditor", 200, 200)]
)
def test_who_may_see_and_who_may_verify(
    written: CustodyLog, console: Console, peer: Peer, role: str, page: int, verify: int
) -> None:
    peer.answers["who"] = person(role)
    assert console.get("/proof").status_code == page
    assert console.post("/proof/verify", {}).status_code == verify


def test_the_slip_is_a_paper(written: CustodyLog, console: Console) -> None:
    assert console.get("/proof/slip").data[:5] == b"%PDF-"
