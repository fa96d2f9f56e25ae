"""`ironroom log slip` and `log check-slip`: the guard's book against the log.

Rule: a look at a data folder is written down before anything is shown; on a log that a slip contradicts
nothing more is written. Exit codes: 0 the log continues the slip, 1 it does not, 2 the question was wrong.
"""

from __future__ import annotations

import json
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import click

from controller.errors import FormatRefused, IronroomError, ProofRefused, UserMistake
from controller.evidence_reading import record_look
from controller.ledger.commands import copy_option, data_option, json_option, told
from controller.ledger.continuity import compare
from controller.ledger.export_tree import ExportTree
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.note import NOTE_BYTES, SignedNote, verify
from controller.ledger.formats.policy import Policy
from controller.ledger.formats.verifier_key import VerifierKey
from controller.ledger.proofs import Subtree
from controller.ledger.reading import LogReader
from controller.ledger.replacing import replace_file
from controller.ledger.signed_head import COSIGNED, cosigned_head, log_keys, newest_head
from controller.ledger.slip import Copied, Slip, copied
from controller.ledger.terminal import harmless
from controller.ledger.trust import given_policy, policy_for, read_given, trust_options
from controller.ledger.verifying import names_export
from controller.slip_drawing import PAPERS, plain, svg
from controller.slip_words import WORDS

COSIGNED_S = 3.0
"""So long a slip waits for the head with its own look in it to be cosigned."""

NO_SLIP = (
    "{}: this is no slip; give what its QR code says, or in one pair of quotes the number of entries and the "
    'code of 16 letters (or the root): "4711 7K2M-9QXA-01ZP-RT4W"'
)
_AGAIN_S = 0.05
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(
    "slip",
    short_help="Write the newest head for the guard's book.",
    epilog="Example: ironroom log slip --out slip.svg --paper a5 --language zh",
)
@data_option
@click.option("--out", type=_FILE, help="Write there: .svg to print, .txt; without it, text is printed.")
@click.option("--paper", type=click.Choice(sorted(PAPERS)), default="a6", show_default=True)
@click.option("--language", type=click.Choice(sorted(WORDS)), default="en", show_default=True)
@copy_option
def slip_command(*, data: Path, out: Path | None, paper: str, language: str, copy: bool) -> None:
    """Write the log's newest head for the guard's book; that you looked is an entry, and already in it.

    The head is the newest that log witnesses cosigned, where one cosigns within three seconds.
    """
    with told(as_json=False):
        if out is not None and out.suffix not in {".svg", ".txt"}:
            raise UserMistake(f"{out}: name a file that ends in .svg or .txt")
        record_look(data, "slip", copy=copy)
        with LogReader(data / "custody.db") as reader:
            slip = _newest(reader)
        words = WORDS[language]
        text = svg(slip, words, paper) if out is not None and out.suffix == ".svg" else plain(slip, words)
        if out is None:
            click.echo("\n".join(map(harmless, text.split("\n"))), nl=False)
            return
        try:
            replace_file(out, text.encode(), 0o644)
        except OSError as error:
            with suppress(OSError):
                out.with_name(f"{out.name}.new").unlink()  # half of it
            raise UserMistake(f"{out}: it cannot be written ({error.strerror})") from None


@click.command(
    "check-slip",
    short_help="Hold the guard's book against the log.",
    epilog='Example: ironroom log check-slip "4711 7K2M-9QXA-01ZP-RT4W"',
)
@click.argument("slip", metavar="TEXT-OR-FILE")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), required=False, metavar="[DIR]")
@data_option
@trust_options
@copy_option
@json_option
def check_slip_command(
    *,
    slip: str,
    folder: Path | None,
    data: Path,
    policy: Path | None,
    vkeys: tuple[str, ...],
    copy: bool,
    as_json: bool,
) -> None:
    """Tell whether the log continues what stands in the guard's book.

    TEXT-OR-FILE is what the QR code says, a file with it, - for standard input, or by hand the number of
    entries and then the code or the root. DIR is a data folder (default: --data) or an export.
    """
    with told(as_json=as_json):
        given, place = given_policy(policy, vkeys), folder or data
        said = _said(slip)
        if names_export(place):
            tree, trusted = ExportTree(place), policy_for(place, given)
            is_well, sentence = _judged(said, tree.note, _keys(trusted), tree.subtree, place)
        else:
            with LogReader(place / "custody.db") as reader:
                keys = _keys(given) if given else log_keys(reader)
                note, _ = newest_head(reader)
                is_well, sentence = _judged(said, note, keys, reader.subtree, reader.file)
            if is_well:  # else an Entry of it would make a second history longer
                record_look(place, "slip", copy=copy)
        click.echo(json.dumps({"ok": is_well, "said": sentence}) if as_json else sentence)
        if not is_well:
            sys.exit(1)


def _keys(policy: Policy) -> list[VerifierKey]:
    return [log.vkey for log in policy.logs]


def _newest(reader: LogReader) -> Slip:
    """The newest head, with its cosignatures as soon as it has some."""
    note, head = newest_head(reader)
    end = time.monotonic() + COSIGNED_S
    while (reader.file.parent / COSIGNED).exists():
        found = cosigned_head(reader, log_keys(reader))
        if found and found[1].size >= head.size:
            note, head = found
            break
        if time.monotonic() >= end:
            break
        Event().wait(_AGAIN_S)
    ((millis,),) = reader.fetch("SELECT time FROM entry WHERE n = ?", (head.size - 1,))
    return Slip(note, datetime.fromtimestamp(millis / 1000, UTC).isoformat())


def _said(slip: str) -> SignedNote | Copied:
    """What the slip says; a wrong question, and no alarm, when that cannot be read."""
    if slip == "-":
        octets = sys.stdin.buffer.read(NOTE_BYTES + 1)
    else:
        octets = read_given(Path(slip), NOTE_BYTES) if _names_file(slip) else slip.encode("utf-8", "replace")
    octets = octets.replace(b"\r\n", b"\n").strip()  # scanners put their own ends behind what they read
    try:
        return SignedNote.parse(octets + b"\n") if b"\n\n" in octets else copied(octets.decode())
    except (FormatRefused, UnicodeDecodeError):
        raise UserMistake(NO_SLIP.format(repr(slip[:60]))) from None


def _names_file(slip: str) -> bool:
    try:
        return Path(slip).is_file()
    except (OSError, ValueError):  # too long for a name, or a zero in it
        return False


def _judged(
    slip: SignedNote | Copied, ours: SignedNote, keys: list[VerifierKey], subtree: Subtree, where: Path
) -> tuple[bool, str]:
    verify(ours, keys)
    if isinstance(slip, Copied):
        return _by_hand(slip, ours, subtree)
    try:
        verify(slip, keys)
    except FormatRefused as error:
        raise FormatRefused(f"the slip is not signed by this log and proves nothing ({error})") from None
    found = compare(ours, slip, subtree, where)
    return found.verdict.value == "continued", found.sentence


def _by_hand(slip: Copied, ours: SignedNote, subtree: Subtree) -> tuple[bool, str]:
    head = Checkpoint.parse(ours.text)
    if slip.size > head.size:
        return False, f"the log ends with {head.size:,} entries, and the slip counts {slip.size:,}"
    try:
        agrees = slip.agrees(head.origin, subtree)
    except (ProofRefused, IronroomError) as error:
        return False, f"the slip cannot be compared: {error}"
    if agrees:
        return True, f"the log continues the slip: {head.size - slip.size:,} entries since"
    return False, (
        f"the first {slip.size:,} entries are not those of the slip: "
        "it was copied wrongly, or the log was changed"
    )
