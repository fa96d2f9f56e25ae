"""What `ironroom log verify` does and says, for a data folder and for an export. Rule: shows no entry."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click

from controller.errors import UserMistake
from controller.ledger.export_check import ExportReport, verify_export
from controller.ledger.export_folder import is_export
from controller.ledger.formats.policy import NONE, Policy
from controller.ledger.picture_check import PictureReport, verify_pictures
from controller.ledger.reading import LogReader
from controller.ledger.restored import known
from controller.ledger.signed_head import cosigned_head, log_keys, newest_head
from controller.ledger.trust import policy_for
from controller.ledger.verify import Progress, Report, verify
from controller.ledger.witnessed import accepted

DATABASE = "custody.db"


def cores() -> int:
    """How many processes this machine runs beside each other."""
    return len(os.sched_getaffinity(0))


def names_export(folder: Path) -> bool:
    """Whether a folder is an export and no data folder; raises UserMistake when it looks like both."""
    if not is_export(folder):
        return False
    if (folder / DATABASE).exists():
        raise UserMistake(
            f"{folder}: it holds a log and an export of one; they belong in folders of their own"
        )
    return True


def verified_export(folder: Path, given: Policy | None, jobs: int, *, as_json: bool) -> str:
    """Verify an exported folder and answer what is to be said."""
    policy = policy_for(folder, given)
    with progress_bar("verifying") as progress:
        report = verify_export(folder, policy, progress, jobs)
    return _export_json(report, given=given is not None) if as_json else _export_text(report, policy)


def verified_data(data: Path, given: Policy | None, jobs: int, *, pictures: bool, as_json: bool) -> str:
    """Verify a data folder, its `pictures` too where asked for, and answer what is to be said."""
    file = data / DATABASE
    trusted = [log.vkey for log in given.logs] if given else []
    with progress_bar("verifying") as progress:
        own = [] if given else known(data)  # of restorations that this box was told of
        report = verify(file, progress, trusted=trusted, jobs=jobs, restored=own)
    witnessed = _witnessed(file, given) if given and given.quorum != NONE else None
    found = _pictures(data, report, jobs) if pictures else None
    if as_json:
        told = {"ok": True, **asdict(report), "file": str(report.file), "root": report.root.hex()}
        told |= {} if witnessed is None else {"witnessed": witnessed}
        return json.dumps(told if found is None else {**told, "pictures": asdict(found)})
    quorum = "" if witnessed is None else _quorum(witnessed, report.entries)
    return _data_text(report) + (found.words if found else "; pictures were left out") + quorum


@contextmanager
def progress_bar(label: str) -> Iterator[Progress]:
    """A bar on the terminal's error side for something that is done in entries."""
    with click.progressbar(length=1, label=label, file=sys.stderr, show_pos=True) as bar:

        def progress(done: int, of: int) -> None:
            bar.length = max(of, 1)
            bar.update(done - bar.pos)

        yield progress


def _pictures(data: Path, report: Report, jobs: int) -> PictureReport:
    with progress_bar("pictures") as progress:
        return verify_pictures(data, report.entries, progress, jobs)


def _witnessed(file: Path, policy: Policy) -> int:
    with LogReader(file) as reader:
        cosigned = cosigned_head(reader, log_keys(reader))
        return accepted(policy, file, newest_head(reader), cosigned, reader.subtree).witnessed


def _data_text(report: Report) -> str:
    signed = f"signed by {report.vkey}" if report.vkey else "SIGNED BY NO KNOWN KEY: give --vkey or --policy"
    return (
        f"{report.file}: {report.entries:,} entries and {report.heads:,} heads verified, "
        f"root {report.root.hex()}; {signed}"
    )


def _export_text(report: ExportReport, policy: Policy) -> str:
    words = [f"{report.folder}: {report.entries:,} entries verified, root {report.root.hex()}"]
    words.append(f"signed by {report.vkey}")
    if report.bodies < report.entries:
        words.append(f"{report.entries - report.bodies:,} pruned, only their hashes are left")
    if report.pictures or report.missing:
        words.append(f"{report.pictures:,} pictures verified, {report.missing:,} not in the folder")
    quorum = _quorum(report.witnessed, report.entries) if policy.quorum != NONE else ""
    return "; ".join(words) + quorum


def _quorum(witnessed: int, entries: int) -> str:
    return f"; {witnessed:,} entries witnessed as the policy demands, {entries - witnessed:,} not yet"


def _export_json(report: ExportReport, *, given: bool) -> str:
    told = {**asdict(report), "folder": str(report.folder), "root": report.root.hex()}
    return json.dumps({"ok": True, **told, "trusted_from_outside": given})
