"""``ironroom backup`` and ``ironroom restore``: the log, sealed, away from the box, and back again.

Rule 1: never a traceback, never a secret on the screen. Rule 2: a backup is a look at evidence and an Entry;
one that failed is an Entry too, and calls the guard. Exit codes stand in errors.py.
"""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from types import FrameType

import click

from controller.backup import Done, back_up
from controller.backup_news import tell_failed, tell_written
from controller.backup_seal import identities, recipients, recipients_of
from controller.errors import BackupFailed, IronroomError, UserMistake
from controller.evidence_reading import record_look
from controller.ledger.commands import data_option, json_option, told
from controller.ledger.terminal import harmless
from controller.restore import Outcome, Wish, restore

RECIPIENTS = "backup.recipients"


@click.command(
    short_help="Write a sealed backup, and verify it.",
    epilog="Example: ironroom backup /media/vault --keep 30",
)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--recipient", "to", multiple=True, help="Public key of age (age1…) that may open it.")
@click.option("--keep", type=click.IntRange(min=1), help="Keep so many of this log there, the newest.")
@data_option
@json_option
def backup(*, folder: Path, to: tuple[str, ...], keep: int | None, data: Path, as_json: bool) -> None:
    """Write a sealed backup of the log into FOLDER, which must be there, and verify it from the medium.

    Sealed with age for every --recipient and every line of backup.recipients in the data folder. The
    controller goes on meanwhile. The log's signing key never goes along. Ends with 0; 2 for a wrong
    question; 1 when the log itself is damaged; 74 when nothing was written: then nothing half is left.
    """
    with told(as_json=as_json), _in_order():
        record_look(data, "backup", to=str(folder))
        done = _attempt(data, folder.absolute(), to, keep or 0)
        tell_written(data, done.file, done.about.size, done.about.root)
        click.echo(_json(done) if as_json else _text(done))


@click.command(
    "restore",
    short_help="Open a backup, verify, prove and restore it.",
    epilog="Example: ironroom restore bank-000000000120-20260302T010000Z.age --identity key.age --drill",
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--identity", required=True, help="Key file of age, or - for standard input.")
@click.option("--data", type=click.Path(path_type=Path), help="New folder, or an empty one.")
@click.option("--drill", is_flag=True, help="Restore into a folder of no stay, tell, and leave nothing.")
@click.option("--live", type=click.Path(path_type=Path), help="Data folder of the log that was backed up.")
@click.option("--head", type=click.Path(path_type=Path, dir_okay=False), help="A signed head of it.")
@click.option("--vkey", "vkeys", multiple=True, help="Verifier key of the log, from outside; all there were.")
@click.option("--manifest", type=click.Path(path_type=Path), help="backups.json, if not beside the file.")
@json_option
def restore_command(  # noqa: PLR0913 - a question has as many words as it needs
    *,
    file: Path,
    identity: str,
    data: Path | None,
    drill: bool,
    live: Path | None,
    head: Path | None,
    vkeys: tuple[str, ...],
    manifest: Path | None,
    as_json: bool,
) -> None:
    """Open a backup, verify the whole log in it, and prove it against what is known of the live one.

    Personal data erased since the backup is removed before the folder gets its name. The log goes on under
    a new name and a new key, which log witnesses and head office must be told; the next start says so
    first, and sounds. Ends with 0; 1 when the backup is refused; 2 for a wrong question.
    """
    with told(as_json=as_json), _in_order():
        if (data is None) is not drill:
            raise UserMistake("say --data NEWDIR to restore, or --drill to try; one of them")
        by = identities(identity)
        wish = Wish(file, data, live, head, tuple(vkeys), manifest)
        outcome = restore(wish, by)
        click.echo(json.dumps(outcome.as_json()) if as_json else harmless_lines(outcome))


def harmless_lines(outcome: Outcome) -> str:
    """What was done, proven and not proven, one sentence a line."""
    return "\n".join(map(harmless, outcome.sentences()))


def _attempt(data: Path, folder: Path, to: Sequence[str], keep: int) -> Done:
    """Back up; when that fails, the failure is written down before it is told."""
    try:
        return back_up(data, folder, recipients([*recipients_of(data / RECIPIENTS), *to]), keep)
    except IronroomError as error:
        try:
            tell_failed(data, folder, harmless(error.sentence))
        except IronroomError as second:
            raise BackupFailed(error.sentence, second.sentence) from error
        raise


@contextmanager
def _in_order() -> Iterator[None]:
    """Told to stop, the command ends as after any failure: it takes away what it made, and says so."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise BackupFailed("told to stop before the end; nothing was kept")

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _text(done: Done) -> str:
    about = done.about
    lines = [
        f"{done.file}: {about.size:,} entries, {about.bytes:,} bytes, read back and verified",
        f"root {about.root}",
        f"sha256 {about.sha256}",
        *(f"removed {name}" for name in done.gone),
    ]
    return "\n".join(map(harmless, lines))


def _json(done: Done) -> str:
    return harmless(
        json.dumps({"ok": True, **asdict(done.about), "file": str(done.file), "removed": done.gone})
    )
