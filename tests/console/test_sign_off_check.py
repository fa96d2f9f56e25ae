"""A console that lies about a set to be signed off is found out: the controller asks the log itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from controller.console.refusals import NoError
from controller.console.sign_off_check import require_true_set
from controller.ledger.custody_log import CustodyLog
from controller.ledger.reading import LogReader
from controller.ledger.sign_off import covered
from controller.ledger.sqlite import sqlite3
from tests.console.house import House

DRAFT = {"time": "2026-03-02T01:00:00.000Z", "clock": "synced", "policy": "p1"}


@pytest.fixture
def log(tmp_path: Path) -> Iterator[CustodyLog]:
    with CustodyLog.open(tmp_path / "data" / "custody.db") as opened:
        drafts = [{**DRAFT, "at": at, "kind": "granted", "who": ["wu"]} for at in range(6)]
        opened.append([*drafts, {**DRAFT, "at": 6, "kind": "refused", "who": ["zhou"], "reason": "lockdown"}])
        noted = {"kind": "noted", "who": ["sun"], "of": 2, "exception": True, "note": "why alone?"}
        opened.append([{**DRAFT, "at": 7, **noted}])
        opened.append([{**DRAFT, "at": 8, **noted, "of": 3, "exception": False}])
        yield opened


@pytest.fixture
def said(log: CustodyLog) -> Callable[..., dict[str, Any]]:
    """The fields of an honest sign-off of some ranges, with what is changed."""

    def make(*ranges: tuple[int, int], **changed: Any) -> dict[str, Any]:
        with LogReader(log.file) as reader:
            digest = covered(reader, ranges, "").digest
        return {"digest": digest, "ranges": [list(one) for one in ranges], "exceptions": [], **changed}

    return make


def why(log: CustodyLog, fields: dict[str, Any], by: str = "zhou") -> str:
    """Why the desk refuses it, "" where it does not."""
    try:
        require_true_set(log.file, by, "sign_off", fields)
    except NoError as error:
        return str(error.answer["refused"])
    return ""


def test_an_honest_set_may_be_signed(log: CustodyLog, said: Callable[..., dict[str, Any]]) -> None:
    assert why(log, said((0, 1), (4, 5))) == ""
    assert why(log, said((0, 5), exceptions=[2])) == ""


def test_what_was_called_an_exception_is_not_signed_off_as_if_it_were_none(
    log: CustodyLog, said: Callable[..., dict[str, Any]]
) -> None:
    for exceptions in ([], [3], [2, 3]):
        assert why(log, said((0, 5), exceptions=exceptions)) == "not_seen"


def test_another_digest_is_refused(log: CustodyLog, said: Callable[..., dict[str, Any]]) -> None:
    for wrong in ("0" * 64, said((0, 0))["digest"], None):
        assert why(log, said((0, 1), digest=wrong)) == "not_understood"


def test_ones_own_cannot_be_passed_off_as_somebody_elses(
    log: CustodyLog, said: Callable[..., dict[str, Any]]
) -> None:
    assert why(log, said((4, 6))) == "oneself"
    assert why(log, said((4, 6), own=True)) == ""
    assert why(log, said((4, 6)), by="qian") == ""
    assert why(log, said((4, 5), own=True)) == "oneself"


def test_what_is_pruned_cannot_have_been_seen(log: CustodyLog, said: Callable[..., dict[str, Any]]) -> None:
    fields = said((0, 1))
    with sqlite3.connect(log.file) as db:
        db.execute("UPDATE entry SET body = x'' WHERE n = 1")
    assert why(log, fields) == "not_seen"


@pytest.mark.parametrize(
    "ranges", [None, [], [[0]], [[0, True]], ["01"], [[1, 0]], [[0, 99]], [[0, 0], [1, 1]]]
)
def test_what_is_no_set_is_refused(log: CustodyLog, ranges: object) -> None:
    assert why(log, {"digest": "0" * 64, "ranges": ranges}) == "not_understood"


def test_other_commands_are_none_of_its_business(log: CustodyLog) -> None:
    require_true_set(log.file, "zhou", "lift_lockdown", {"ranges": "strange"})


def test_a_sign_off_with_the_signers_own_takes_two_chiefs_from_end_to_end(tmp_path: Path) -> None:
    with House(tmp_path) as house:
        house.founded("zhao", "chen")
        own = next(e["n"] for e in house.entries("signed_in", "sign_in_changed") if e["who"] == ["zhao"])
        with LogReader(house.data / "custody.db") as reader:
            digest = covered(reader, [(own, own)], "zhao").digest
        honest = {"digest": digest, "ranges": [[own, own]], "exceptions": [], "own": True}
        assert house.propose("zhao", "sign_off", **{**honest, "own": False})["refused"] == "oneself"
        assert (
            house.propose("zhao", "sign_off", **{**honest, "digest": "0" * 64})["refused"] == "not_understood"
        )
        assert house.both("zhao", "chen", "sign_off", **honest)["accepted"]
        (signed,) = house.entries("signed_off")
        assert (signed["who"], signed["digest"], signed["own"]) == (["zhao", "chen"], digest, True)
        asked = house.propose("zhao", "export_evidence", form="folder")
        assert house.sign("zhao", asked)["accepted"]
        (look,) = [e for e in house.entries("evidence_read") if e["what"] == "export"]
        assert (look["who"], look["form"]) == (["zhao"], "folder")
