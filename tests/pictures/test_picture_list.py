"""`ironroom picture list`: which pictures there are, without opening any."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from controller.core.unseen import UNSEEN, Unseen
from controller.ledger.custody_log import CustodyLog
from controller.ledger.reading import LogReader
from controller.picture_commands import picture_group
from controller.picture_words import WORDS
from tests.pictures.album import draft, snapshot, take


@pytest.fixture
def log(tmp_path: Path) -> Iterator[CustodyLog]:
    """Entries 1 to 3: a Snapshot of two cameras, and what came of both its parts; one file is gone."""
    with CustodyLog.open(tmp_path / "data" / "custody.db") as log:
        log.append([draft(log, "started")])
        snapshot(log, 7, "li", "wang")
        take(log, 7, "now", "li", "wang")
        take(log, 7, "after", "li", "wang", lacks="vault")
        _first_of(log, 2).unlink()
        yield log


def listed(log: CustodyLog, *arguments: object) -> Result:
    """Run the command while no controller runs."""
    log.close()
    given = ["list", *map(str, arguments), "--data", str(log.file.parent)]
    return CliRunner().invoke(picture_group, given, catch_exceptions=False)


def _first_of(log: CustodyLog, n: int) -> Path:
    with LogReader(log.file) as reader:
        entry: Any = next(reader.entries(after=n - 1))
    return log.file.parent / "pictures" / str(entry["pictures"][0]["sha256"])


def test_the_list_says_what_there_is_without_opening_anything(log: CustodyLog) -> None:
    done = listed(log)
    assert done.exit_code == 0
    rows = done.stdout.splitlines()
    assert [row.split()[0] for row in rows] == ["2", "2", "3", "3"]
    assert rows[0].endswith("not in the folder any more")
    assert rows[-1].endswith(UNSEEN[Unseen.STALLED])
    again = listed(log, "--camera", "door", "--json", "--limit", 1)
    assert [(row["n"], row["thumbnail"]) for row in map(json.loads, again.stdout.splitlines())] == [
        (3, False)
    ]


def test_the_list_names_thumbnails_only_to_whoever_asks_for_them(log: CustodyLog) -> None:
    assert "thumbnail" not in listed(log).stdout
    rows = listed(log, "--thumbnails", "--camera", "vault").stdout.splitlines()
    assert [row.split()[0] for row in rows if "  thumbnail, " in row] == ["2"]


def test_the_list_is_chinese_for_whoever_reads_chinese(log: CustodyLog) -> None:
    rows = listed(log, "--thumbnails", "--language", "zh").stdout
    rows += listed(log, "--language", "zh").stdout
    assert all(WORDS["zh"][word] in rows for word in ("ms", "thumbnail", "gone"))
    assert "字节" in rows
    assert not any(word in rows for word in (" ms", "thumbnail", "bytes", "not in the folder"))
    assert WORDS["zh"]["nothing"] in listed(log, "--language", "zh", "--place", "cellar").stderr


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        (["--missing"], 1),
        (["--place", "vault"], 4),
        (["--why", "granted", "--camera", "vault"], 2),
        (["--place", "cellar"], 0),
        (["--why", "duress"], 0),
    ],
)
def test_the_list_is_chosen_from(log: CustodyLog, asked: list[str], count: int) -> None:
    done = listed(log, *asked)
    assert len(done.stdout.splitlines()) == count
    assert bool(done.stderr) == (count == 0)
