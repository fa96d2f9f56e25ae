"""Keys of pictures: made with the Entry that names them, gone with the Entry that erases, never shown."""

import json
from collections.abc import Callable
from pathlib import Path

import pyrage
import pytest
from click.testing import CliRunner
from pyrage import x25519

from controller.errors import EntryRefused, LogDamaged
from controller.ledger.commands import log_group
from controller.ledger.custody_log import CustodyLog
from controller.ledger.export import export
from controller.ledger.reading import LogReader
from controller.ledger.sqlite import sqlite3
from controller.ledger.verify import verify
from tests.power.writer import first_version

Make = Callable[..., dict[str, object]]


def identities(log: CustodyLog, *subjects: str) -> list[str]:
    with LogReader(log.file) as reader:
        return reader.picture_identities(subjects)


def counters(log: CustodyLog) -> dict[str, int]:
    return dict(log._fetch("SELECT subject, n FROM picture_key", ()))


def everything(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_a_subject_has_one_key_from_its_first_entry_on(log: CustodyLog, draft: Make) -> None:
    assert log.recipients(["li"]) == []
    log.append([draft(), draft(seals=["li"]), draft(seals=["li", "wang"])])
    first = log.recipients(["wang", "li"])
    log.append([draft(seals=["wang", "li"])])
    assert log.recipients(["wang", "li"]) == first
    assert counters(log) == {"li": 1, "wang": 2}
    assert verify(log.file).entries == 4


def test_what_is_sealed_for_a_recipient_is_opened_by_the_identity_of_the_same_subject(
    log: CustodyLog, draft: Make
) -> None:
    log.append([draft(seals=["li", "wang"])])
    for subject in ("li", "wang"):
        (recipient,), (identity,) = log.recipients([subject]), identities(log, subject)
        sealed = pyrage.encrypt(b"JPEG", [x25519.Recipient.from_str(recipient)])
        assert pyrage.decrypt(sealed, [x25519.Identity.from_str(identity)]) == b"JPEG"
    assert identities(log, "wang", "li") == [*identities(log, "wang"), *identities(log, "li")]


def test_without_one_of_the_keys_there_is_none(log: CustodyLog, draft: Make) -> None:
    log.append([draft(seals=["li", "wang"])])
    log.append([draft(kind="erased", erases=["li"])])
    assert (log.recipients(["li", "wang"]), identities(log, "li", "wang")) == ([], [])
    assert len(log.recipients(["wang"])) == 1


def test_an_erased_subject_gets_a_fresh_key_that_opens_nothing_older(log: CustodyLog, draft: Make) -> None:
    log.append([draft(seals=["li"])])
    (before,) = identities(log, "li")
    (recipient,) = log.recipients(["li"])
    sealed = pyrage.encrypt(b"JPEG", [x25519.Recipient.from_str(recipient)])
    log.append([draft(kind="erased", erases=["li"])])
    log.append([draft(seals=["li"])])
    (after,) = identities(log, "li")
    assert after != before
    assert counters(log) == {"li": 2}
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(sealed, [x25519.Identity.from_str(after)])


@pytest.mark.parametrize("seals_first", [True, False])
@pytest.mark.parametrize("had_one", [True, False])
def test_in_one_commit_the_later_of_sealing_and_erasing_counts(
    log: CustodyLog, draft: Make, seals_first: bool, had_one: bool
) -> None:
    log.append([draft(seals=["li"] if had_one else [])])
    before = log.recipients(["li"])
    both = [draft(seals=["li"]), draft(kind="erased", erases=["li"])]
    log.append(both if seals_first else both[::-1])
    after = log.recipients(["li"])
    assert after == [] if seals_first else len(after) == 1
    assert not after or after != before


def test_erasing_takes_every_trace_of_the_key_from_the_files(log: CustodyLog, draft: Make) -> None:
    names = [f"v{n}" for n in range(400)]
    for begin in range(0, len(names), 20):
        log.append([draft(seals=names[begin : begin + 20])])
    secrets = dict(zip(names, identities(log, *names), strict=True))
    log.upkeep()
    folder = log.file.parent
    assert all(one.encode() in everything(folder) for one in secrets.values())  # the test can see them
    gone = [name for name in names if not name.endswith("7")]
    for begin in range(0, len(gone), 90):
        log.append([draft(kind="erased", erases=gone[begin : begin + 90])])
    log.upkeep()
    octets = everything(folder)
    assert [name for name in names if (secrets[name].encode() in octets) == (name in set(gone))] == []
    assert verify(log.file).entries == log.size


def test_no_key_leaves_by_an_export_or_by_what_is_shown(log: CustodyLog, draft: Make, tmp_path: Path) -> None:
    log.append([draft(seals=["li"], personal={"li": {"name": "Anna"}})])
    (recipient,), (identity,) = log.recipients(["li"]), identities(log, "li")
    with LogReader(log.file) as reader:
        export(reader, tmp_path / "export", None, lambda _done, _all: None, personal=True)
        shown = repr(list(reader.entries(sealed=True)))
    log.close()
    for told in (["show", "--json"], ["show"]):
        done = CliRunner().invoke(log_group, [*told, "--data", str(log.file.parent)], catch_exceptions=False)
        shown += done.output
    for one in (recipient, identity):
        assert one not in shown
        assert one.encode() not in everything(tmp_path / "export")


@pytest.mark.parametrize("wrong", ["li", [1], [""], None, [f"v{n}" for n in range(33)]])
def test_a_draft_with_strange_seals_changes_nothing(log: CustodyLog, draft: Make, wrong: object) -> None:
    with pytest.raises(EntryRefused, match="seals"):
        log.append([draft(seals=["li"]), draft(seals=wrong)])
    assert (log.size, log.recipients(["li"])) == (0, [])


def test_a_log_of_an_older_version_is_read_and_gets_the_table_when_it_is_opened(
    tmp_path: Path, draft: Make
) -> None:
    first_version(tmp_path)
    file = tmp_path / "data" / "custody.db"
    with CustodyLog.open(file) as log:
        size = log.size
    with sqlite3.connect(file) as connection:  # as the version before this one left it
        connection.execute("DROP TABLE picture_key")
        connection.execute("DELETE FROM _sqlite_migrations WHERE name = 'keys_of_pictures'")
    connection.close()
    with LogReader(file) as reader:
        assert reader.picture_identities(["li"]) == []
    assert verify(file).entries == size
    with CustodyLog.open(file) as log:
        (last,) = log.tail(log.size - 2)
        log.append(
            [{**{key: last[key] for key in ("at", "time", "clock", "policy", "kind")}, "seals": ["li"]}]
        )
        assert len(log.recipients(["li"])) == 1
    assert verify(file).entries == size + 1


@pytest.mark.parametrize(
    ("sql", "wrong"),
    [
        ("UPDATE picture_key SET n = 0 WHERE subject = 'li'", "names entry 0, which did not make it"),
        (
            "UPDATE picture_key SET subject = 'zhao' WHERE subject = 'li'",
            "names entry 1, which did not",
        ),
        ("UPDATE picture_key SET recipient = 'age1' WHERE subject = 'wang'", "do not fit"),
        ("UPDATE picture_key SET identity = 'x' WHERE subject = 'li'", "do not fit"),
    ],
)
def test_a_key_that_no_entry_made_is_found(file: Path, draft: Make, sql: str, wrong: str) -> None:
    with CustodyLog.open(file) as log:
        log.append([draft(), draft(seals=["li", "wang"])])
    assert verify(file).entries == 2
    with sqlite3.connect(file) as connection:
        assert connection.execute(sql).rowcount == 1
    connection.close()
    with pytest.raises(LogDamaged, match=wrong) as found:
        verify(file)
    assert "AGE-SECRET" not in json.dumps(str(found.value))
