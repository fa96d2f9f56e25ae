"""`ironroom log export`: the whole log as static files for an auditor. Rule: the look is written down first.

Exit codes: 0 written, 1 the log is damaged or a picture is not what its entry says, 2 the folder or the
question was wrong.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from controller.config import load
from controller.errors import UserMistake
from controller.evidence_reading import record_look
from controller.ledger.commands import copy_option, data_option, json_option, told
from controller.ledger.export import Exported, export
from controller.ledger.formats.policy import NONE, Policy, PolicyGroup, PolicyLog, PolicyWitness
from controller.ledger.reading import LogReader
from controller.ledger.signed_head import log_keys, newest_head, signing_key
from controller.ledger.verifying import progress_bar

QUORUM = "ENOUGH"
"""The group of all log witnesses in a policy made from a site file; no name there has capitals."""


@click.command(
    "export",
    short_help="Write the log as files that others can check.",
    epilog="Example: ironroom log export /media/usb/log --site site.toml",
)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR")
@data_option
@click.option(
    "--site", type=click.Path(path_type=Path), help="Put the log witnesses of this site file into DIR/policy."
)
@click.option(
    "--with-personal", "personal", is_flag=True, help="Add what personal digests stand for (not erased yet)."
)
@copy_option
@json_option
def export_command(
    *, folder: Path, data: Path, site: Path | None, personal: bool, copy: bool, as_json: bool
) -> None:
    """Write the whole log into DIR as files that others can check (C2SP tlog-tiles), with its pictures.

    For the chief and the auditor only: every entry is in it with all its bytes, sealed ones too, because
    an outside verifier hashes them all. That you export is an entry, and already in the export.

    DIR is new or empty, or holds an older export of the same log, which is continued. Nothing else is
    ever written over. Without --with-personal no name out of the erasable table leaves the box.
    """
    with told(as_json=as_json):
        record_look(data, "export", copy=copy, to=str(folder), personal=personal)
        with LogReader(data / "custody.db") as reader, progress_bar("exporting") as progress:
            policy = _policy_of(site, reader) if site else None
            try:
                done = export(reader, folder, policy, progress, personal=personal)
            except OSError as error:
                raise UserMistake(f"{folder}: it cannot be written ({error.strerror})") from error
        click.echo(_as_json(done) if as_json else _as_text(done))
        if done.altered:
            for name in done.altered:
                click.echo(f"pictures/{name}: not the picture that its entry names; left out", err=True)
            sys.exit(1)


def _policy_of(site: Path, reader: LogReader) -> Policy:
    """The log's newest key, and so many of the site's log witnesses as it asks for."""
    found = load(site)
    witnesses = tuple(PolicyWitness(one.name, one.vkey) for one in found.log.witnesses)
    logs = (PolicyLog(signing_key(reader, newest_head(reader)[0], log_keys(reader))),)
    if not witnesses:
        return Policy(logs, (), (), NONE)
    needed = min(found.plan.log_witnesses.needed, len(witnesses))
    group = PolicyGroup(QUORUM, needed, tuple(one.name for one in witnesses))
    return Policy(logs, witnesses, (group,), QUORUM)


def _as_text(done: Exported) -> str:
    words = [f"{done.folder}: {done.entries:,} entries exported, root {done.root.hex()}"]
    if done.since:
        words.append(f"{done.entries - done.since:,} of them new since the older export")
    if done.minimum:
        words.append(f"entries before {done.minimum:,} are pruned and left out")
    if done.cosigned:
        words.append(f"{done.cosigned:,} under a cosigned head")
    if done.pictures:
        words.append(f"{done.pictures:,} pictures")
    return "; ".join(words)


def _as_json(done: Exported) -> str:
    return json.dumps(
        {"ok": not done.altered, **asdict(done), "folder": str(done.folder), "root": done.root.hex()}
    )
