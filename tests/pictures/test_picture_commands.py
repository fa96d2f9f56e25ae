"""`ironroom picture`: what was pictured, for whoever may see it, after the look is written down."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from controller.core.unseen import UNSEEN, UNSEEN_ZH, Unseen
from controller.ledger.custody_log import CustodyLog
from controller.ledger.reading import LogReader
from controller.picture_commands import picture_group
from controller.picture_words import WORDS
from tests.pictures.album import draft, erase, jpeg, none, snapshot, take

LI_AND_WANG = ("li", "wang")


@pytest.fixture
def log(tmp_path: Path) -> Iterator[CustodyLog]:
    """Entries 1 to 3: a Snapshot of two cameras, and what came of both its parts."""
    with CustodyLog.open(tmp_path / "data" / "custody.db") as log:
        log.append([draft(log, "started")])
        assert snapshot(log, 7, *LI_AND_WANG) == 1
        take(log, 7, "now", *LI_AND_WANG)
        take(log, 7, "after", *LI_AND_WANG, lacks="vault")
        yield log


def run(log: CustodyLog, *arguments: object) -> Result:
    """Run the command while no controller runs."""
    log.close()
    given = [str(one) for one in (*arguments, "--data", log.file.parent)]
    return CliRunner().invoke(picture_group, given, catch_exceptions=False)


def shown(log: CustodyLog, n: int, *more: object, code: int) -> tuple[Result, Path]:
    out = log.file.parent.parent / "out"
    done = run(log, "show", n, "--out", out, *more)
    assert done.exit_code == code, done.output
    return done, out


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()} if folder.exists() else set()


def file_of(log: CustodyLog, n: int, place: int) -> Path:
    with LogReader(log.file) as reader:
        entry: Any = next(reader.entries(after=n - 1))
    return log.file.parent / "pictures" / str(entry["pictures"][place]["sha256"])


def test_the_pictures_of_a_snapshot_are_written_as_they_were_taken(log: CustodyLog) -> None:
    done, out = shown(log, 1, code=3)
    assert names(out) == {"2-door--2000ms.jpg", "2-vault--2000ms.jpg", "3-door-500ms.jpg"}
    assert (out / "2-door--2000ms.jpg").read_bytes() == jpeg("door", -2000)
    assert (out / "3-door-500ms.jpg").read_bytes() == jpeg("door", 500)
    assert {file.stat().st_mode & 0o777 for file in out.iterdir()} == {0o600}
    assert out.stat().st_mode & 0o777 == 0o700
    assert f"camera vault, 500 ms: never taken: {UNSEEN[Unseen.STALLED]}" in done.stdout


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        (["--camera", "door"], {"2-door--2000ms.jpg"}),
        (["--moment", "-2000"], {"2-door--2000ms.jpg", "2-vault--2000ms.jpg"}),
        (["--thumbnails", "--camera", "vault"], {"2-vault--2000ms-small.jpg"}),
    ],
)
def test_of_one_answer_only_what_was_asked_for_is_written(
    log: CustodyLog, asked: list[str], there: set[str]
) -> None:
    assert names(shown(log, 2, *asked, code=0)[1]) == there


def test_the_look_is_an_entry_before_anything_is_written(log: CustodyLog) -> None:
    out = log.file.parent.parent / "out"
    log.close()
    log.file.parent.chmod(0o755)  # others could touch it, so nothing is written down here
    done = run(log, "show", 1, "--out", out)
    assert (done.exit_code, names(out)) == (2, set())
    log.file.parent.chmod(0o700)
    shown(log, 2, "--moment", "-2000", "--with-key", code=0)
    with LogReader(log.file) as reader:
        look = next(reader.entries(newest_first=True))
    assert (look["kind"], look["what"]) == ("evidence_read", "picture")
    assert look["filter"] == "entry=2 before_ms=2000 with_key"


def test_nothing_is_written_over(log: CustodyLog) -> None:
    shown(log, 2, code=0)
    done, _ = shown(log, 2, code=2)
    assert "nothing is written over" in done.stderr


def test_whom_it_shows_was_erased_and_nobody_sees_it_again(log: CustodyLog) -> None:
    n = erase(log, "li")
    done, out = shown(log, 2, code=3)
    assert f"camera door, -2000 ms: it cannot be opened any more; the key of li was erased by entry {n}" in (
        done.stdout
    )
    assert names(out) == set()


def test_a_fresh_key_under_the_same_name_does_not_hide_the_erasure(log: CustodyLog) -> None:
    n = erase(log, "li")
    snapshot(log, 8, *LI_AND_WANG)
    later = take(log, 8, "now", *LI_AND_WANG)
    done, _ = shown(log, 2, code=3)
    assert f"erased by entry {n}" in done.stdout
    assert names(shown(log, later, "--camera", "door", code=0)[1]) == {f"{later}-door--2000ms.jpg"}


def test_a_key_that_went_without_an_entry_is_told_as_wrong(log: CustodyLog) -> None:
    log._db.execute("DELETE FROM picture_key WHERE subject = 'wang'")
    done, _ = shown(log, 2, code=1)
    assert "the key of wang is gone, and no entry says why" in done.stdout


def test_a_picture_that_the_keeping_rules_deleted_is_told_with_the_entry(log: CustodyLog) -> None:
    file = file_of(log, 2, 0)
    (n,) = log.append([draft(log, "pictures_deleted", digests=file.name, bytes=1, why="age")])
    file.unlink()
    done, _ = shown(log, 2, "--camera", "door", code=3)
    assert f"deleted by the keeping rules, entry {n} (age)" in done.stdout


def test_a_picture_that_is_gone_is_missing(log: CustodyLog) -> None:
    file_of(log, 2, 0).unlink()
    done, out = shown(log, 2, code=1)
    assert "camera door, -2000 ms: MISSING" in done.stdout
    assert names(out) == {"2-vault--2000ms.jpg"}


def test_an_altered_or_exchanged_picture_is_not_shown(log: CustodyLog) -> None:
    one, other = file_of(log, 2, 0), file_of(log, 2, 2)
    octets = other.read_bytes()
    one.write_bytes(octets)
    other.write_bytes(octets[:-1])
    done, out = shown(log, 2, code=1)
    assert done.stdout.count("ALTERED: the file is not the one that entry 2 names") == 2
    assert names(out) == set()


@pytest.mark.parametrize("why", list(Unseen))
def test_what_was_never_taken_is_told_in_both_languages(log: CustodyLog, why: Unseen) -> None:
    snapshot(log, 9, "room:vault")
    n = none(log, 9, "now", why.value)
    assert UNSEEN[why] in shown(log, n, code=3)[0].stdout
    assert UNSEEN_ZH[why] in shown(log, n, "--language", "zh", code=3)[0].stdout


def test_both_languages_have_the_same_words() -> None:
    assert WORDS["en"].keys() == WORDS["zh"].keys()


@pytest.mark.parametrize(
    ("n", "more", "said"),
    [
        (0, [], "is about no pictures"),
        (99, [], "there is no entry 99 yet"),
        (2, ["--camera", "roof"], "none of camera roof at * ms; there are door at -2000 ms"),
    ],
)
def test_a_wrong_question_is_answered_with_what_is_right(
    log: CustodyLog, n: int, more: list[str], said: str
) -> None:
    assert said in shown(log, n, *more, code=2)[0].stderr


def test_a_snapshot_without_an_answer_yet_is_told(log: CustodyLog) -> None:
    n = snapshot(log, 8, "li")
    assert "still awaited" in shown(log, n, code=2)[0].stderr


def test_a_sealed_snapshot_is_for_chief_and_auditor(log: CustodyLog) -> None:
    n = snapshot(log, 8, *LI_AND_WANG, sealed=True)
    take(log, 8, "now", *LI_AND_WANG)
    take(log, 8, "after", *LI_AND_WANG)
    assert "is sealed" in shown(log, n, code=2)[0].stderr
    shown(log, n, "--sealed", code=0)


def test_json_tells_the_same(log: CustodyLog) -> None:
    erase(log, "wang")
    rows = [json.loads(line) for line in shown(log, 3, "--json", code=3)[0].stdout.splitlines()]
    assert [(row["camera"], row["state"]) for row in rows] == [("door", "erased"), ("vault", "not_taken")]
    assert (rows[0]["entry"], rows[0]["who"], rows[1]["why"]) == (4, "wang", "stalled")


def test_others_see_with_their_own_tools_that_it_is_the_picture_the_log_names(log: CustodyLog) -> None:
    done, out = shown(log, 2, "--camera", "door", "--with-key", code=0)
    lines = [line.strip() for line in done.stdout.splitlines() if line.startswith("  ")]
    assert [line.split()[0] for line in lines] == ["cd", "sha256sum", "tail"]
    told = subprocess.run(
        ["sh", "-euc", "\n".join(lines)], capture_output=True, text=True, timeout=60, check=True
    )
    digest = file_of(log, 2, 0).name
    assert told.stdout.split() == [digest, digest]
    assert (out / f"{digest}.jpg").read_bytes() == jpeg("door", -2000)
    assert (out / f"{digest}.key").stat().st_mode & 0o777 == 0o600
    assert "AGE-SECRET" not in done.output


def test_what_others_type_for_several_pictures_can_be_typed_in_one_go(
    log: CustodyLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run(log, "show", 1, "--out", "case 12", "--with-key")
    lines = [line.strip() for line in done.stdout.splitlines() if line.startswith("  ")]
    subprocess.run(["sh", "-euc", "\n".join(lines)], capture_output=True, timeout=60, check=True)
    opened = [(tmp_path / "case 12" / f"{name}.jpg").read_bytes() for name in _digests(lines)]
    assert opened == [jpeg("door", -2000), jpeg("vault", -2000), jpeg("door", 500)]
    assert [done.stdout.count(f"entry {n} names the digest") for n in (2, 3)] == [1, 1]


def _digests(lines: list[str]) -> list[str]:
    return [line.split()[1] for line in lines if line.startswith("sha256sum")]
