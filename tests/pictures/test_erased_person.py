"""A person is erased: nothing on the box opens their pictures, and the log is whole for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from controller.ledger.custody_log import CustodyLog
from controller.ledger.export import export
from controller.ledger.picture_check import verify_pictures
from controller.ledger.reading import LogReader
from controller.ledger.verify import verify
from controller.picture_evidence import Shot
from controller.picture_words import ERASED, GIVEN
from recorder.seal import SealError, opened
from tests.outside.verifiers import VERIFIERS
from tests.pictures.album import draft, erase, identities, snapshot, take

ORIGIN = "bank.example/vault-1"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[CustodyLog]:
    """Li and Wang are pictured together, and Zhao alone."""
    with CustodyLog.open(tmp_path / "data" / "custody.db", origin=ORIGIN) as log:
        log.append([draft(log, "log_key", vkey=str(log.vkey))])
        for shot, seals in ((1, ("li", "wang")), (2, ("zhao",))):
            snapshot(log, shot, *seals)
            take(log, shot, "now", *seals)
            take(log, shot, "after", *seals)
        log.append([draft(log, "granted")] * 300)  # more than one bundle
        yield log


def everything(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())


def states(log: CustodyLog, n: int) -> set[str]:
    with LogReader(log.file) as reader:
        shot = Shot(reader, n, sealed=False)
        return {shot.shown(one).state for one in shot.wished()}


def test_nothing_on_the_box_opens_the_pictures_of_somebody_erased(log: CustodyLog) -> None:
    data, before = log.file.parent, identities(log)
    assert states(log, 1) == {GIVEN}
    kept = everything(data)
    assert all(one.encode() in kept for one in before.values())  # so the search below finds what is there
    erase(log, "li")
    log.upkeep()
    octets = everything(data)
    assert before["li"].encode() not in octets
    assert before["wang"].encode() in octets
    assert states(log, 1) == {ERASED}
    assert states(log, 4) == {GIVEN}
    remaining = list(identities(log).values())
    for file in (data / "pictures").iterdir():
        with LogReader(log.file) as reader:
            names_zhao = file.name.encode() in reader.fetch("SELECT body FROM entry WHERE n = 5", ())[0][0]
        names_zhao |= file.name.encode() in log._fetch("SELECT body FROM entry WHERE n = 6", ())[0][0]
        if names_zhao:
            assert opened(file.read_bytes(), remaining).picture
        else:
            with pytest.raises(SealError):
                opened(file.read_bytes(), remaining)


def test_the_log_and_its_pictures_verify_as_before(log: CustodyLog) -> None:
    erase(log, "li")
    log.upkeep()
    assert verify(log.file).entries == log.size
    report = verify_pictures(log.file.parent, log.size, lambda _done, _all: None)
    assert (report.whole, report.deleted, report.unnamed) == (16, 0, 0)


@pytest.mark.parametrize("verifier", VERIFIERS)
def test_every_verifier_outside_accepts_an_export_with_pictures_before_and_after(
    log: CustodyLog, tmp_path: Path, verifier: str
) -> None:
    vkey, remembered = str(log.vkey), tmp_path / "remembered"
    for place, erased in (("before", False), ("after", True)):
        if erased:
            erase(log, "li")
            log.upkeep()
        with LogReader(log.file) as reader:
            done = export(reader, tmp_path / place, None, lambda _done, _all: None, personal=True)
        assert (done.pictures, done.altered) == (16, ())
        assert b"AGE-SECRET-KEY" not in everything(tmp_path / place)
        assert VERIFIERS[verifier](vkey, tmp_path / place, remembered if erased else None) == ""
        note = log.note()
        assert note is not None
        remembered.write_bytes(note)
