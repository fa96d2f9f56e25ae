"""`ironroom log prove`, `check` and `diff`: receipts, and the log beside a head that somebody remembered.

Rule: a look at a data folder is written down before anything is shown; a receipt or an export needs none.
Exit codes: 0 it holds, 1 it does not (or the log is damaged), 2 the question was wrong.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import click

from controller.errors import FormatRefused, ProofRefused, UserMistake
from controller.evidence_reading import record_look
from controller.ledger.canonical import LIMIT
from controller.ledger.commands import copy_option, data_option, json_option, told
from controller.ledger.continuity import Comparison, Verdict, compare, keep_evidence
from controller.ledger.export_tree import ExportTree
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.note import NOTE_BYTES, SignedNote, verify
from controller.ledger.formats.policy import Policy
from controller.ledger.formats.receipt import RECEIPT_BYTES, Receipt, check
from controller.ledger.formats.verifier_key import VerifierKey
from controller.ledger.proofs import inclusion_proof
from controller.ledger.reading import LogReader
from controller.ledger.signed_head import log_keys, newest_head, provable_head
from controller.ledger.terminal import harmless
from controller.ledger.trust import given_policy, policy_for, read_given, trust_options
from controller.ledger.verifying import names_export
from controller.ledger.walk import decoded

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(
    "prove",
    short_help="Give a receipt that an entry is in the log.",
    epilog="Example: ironroom log prove 4711 --out 4711.tlog-proof --entry 4711.json",
)
@click.argument("n", type=click.IntRange(0))
@data_option
@click.option("--out", type=FILE, help="Write the receipt there instead of printing it.")
@click.option("--entry", type=FILE, help="Write the entry's bytes there: the receipt is about exactly them.")
@click.option("--sealed", is_flag=True, help="A sealed entry's bytes too (for chief and auditor).")
@copy_option
def prove_command(
    *, n: int, data: Path, out: Path | None, entry: Path | None, sealed: bool, copy: bool
) -> None:
    """Give a receipt (C2SP tlog-proof) that entry N is in the log; that you looked is an entry too.

    The receipt stands on the newest head that log witnesses cosigned, where there is one that counts the
    entry, else on the newest head. Whoever holds it can prove the entry for ever, without the log.
    """
    with told(as_json=False):
        record_look(data, "prove", copy=copy, n=n, sealed=sealed)
        with LogReader(data / "custody.db") as reader:
            receipt = _receipt(reader, n)
            if entry:
                _write_new(entry, _body(reader, n, sealed=sealed))
        if out:
            _write_new(out, receipt.to_bytes())
        else:
            click.echo(receipt.to_bytes(), nl=False)


@click.command(
    "check",
    short_help="Check a receipt, without any log.",
    epilog="Example: ironroom log check 4711.tlog-proof --entry 4711.json --policy contract.policy",
)
@click.argument("receipt", type=FILE)
@click.option("--entry", type=FILE, required=True, help="The entry's bytes.")
@trust_options
@json_option
def check_receipt(
    *, receipt: Path, entry: Path, policy: Path | None, vkeys: tuple[str, ...], as_json: bool
) -> None:
    """Check a receipt against an entry's bytes and who is trusted, without any log."""
    with told(as_json=as_json):
        trusted = given_policy(policy, vkeys)
        if trusted is None:
            raise UserMistake("give --policy or --vkey from the contract: a receipt cannot vouch for itself")
        octets, body = read_given(receipt, RECEIPT_BYTES), read_given(entry, LIMIT)
        found, head = _checked(octets, body, trusted, receipt, entry)
        if as_json:
            fields = {"ok": True, "origin": head.origin, "n": found.index, "size": head.size}
            click.echo(json.dumps({**fields, "root": head.root.hex()}))
        else:
            said = f"entry {found.index} is in {head.origin}, whose head counts {head.size:,} entries"
            click.echo(harmless(said))


@click.command(
    "diff",
    short_help="Hold an older signed head against the log.",
    epilog="Example: ironroom log diff last-year.checkpoint /media/usb/log --policy contract.policy",
)
@click.argument("old", type=FILE, metavar="OLD-CHECKPOINT")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), required=False, metavar="[DIR]")
@data_option
@trust_options
@click.option(
    "--evidence",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep both heads there on a conflict.",
)
@copy_option
@json_option
def diff_command(  # noqa: PLR0913 - a question has as many words as it needs
    *,
    old: Path,
    folder: Path | None,
    data: Path,
    policy: Path | None,
    vkeys: tuple[str, ...],
    evidence: Path | None,
    copy: bool,
    as_json: bool,
) -> None:
    """Tell whether the log continues an older signed head, as an auditor or a log witness kept it.

    DIR is a data folder (default: --data) or an export. The exit code is 1 for a log that was rolled back,
    split in two or rewritten; with --evidence both heads are then kept as a proof that needs nothing else.
    A look at a log that continues is an entry; on one that does not, nothing more is written.
    """
    with told(as_json=as_json):
        given, place = given_policy(policy, vkeys), folder or data
        theirs = read_given(old, NOTE_BYTES)
        if names_export(place):
            found = _with_export(place, theirs, old, policy_for(place, given))
        else:
            found = _with_log(place, theirs, old, given)
            if found.verdict is Verdict.CONTINUED:  # else an Entry of it would make a second history longer
                record_look(place, "diff", copy=copy)
        if evidence and found.verdict is not Verdict.CONTINUED:
            keep_evidence(found, evidence)
        click.echo(_as_json(found) if as_json else found.sentence)
        if found.verdict is not Verdict.CONTINUED:
            sys.exit(1)


def _checked(
    octets: bytes, body: bytes, trusted: Policy, receipt: Path, entry: Path
) -> tuple[Receipt, Checkpoint]:
    try:
        found = Receipt.parse(octets)
        return found, check(found, body, trusted)
    except FormatRefused as error:
        raise FormatRefused(f"{receipt}: {error}") from None
    except ProofRefused as error:
        raise ProofRefused(
            f"{entry}: these are not the bytes that {receipt} is about, or one of the two was changed "
            f"({error})"
        ) from None


def _receipt(reader: LogReader, n: int) -> Receipt:
    note, head = provable_head(reader, log_keys(reader), n)
    if n >= head.size:
        raise UserMistake(f"{reader.file}: there is no entry {n}, the log counts {head.size}")
    return Receipt(n, tuple(inclusion_proof(n, head.size, reader.subtree)), note)


def _body(reader: LogReader, n: int, *, sealed: bool) -> bytes:
    ((body,),) = reader.fetch("SELECT body FROM entry WHERE n = ?", (n,))
    if not body:
        raise UserMistake(
            f"entry {n} was pruned: only its hash is left, the receipt is for who has its bytes"
        )
    if decoded(reader.file, n, body).get("sealed") and not sealed:
        raise UserMistake(f"entry {n} is sealed; its bytes are for chief and auditor, with --sealed")
    return bytes(body)


def _with_export(folder: Path, octets: bytes, old: Path, policy: Policy) -> Comparison:
    tree, keys = ExportTree(folder), [log.vkey for log in policy.logs]
    verify(tree.note, keys)
    theirs = _signed_by(octets, keys, old)
    return compare(tree.note, theirs, tree.subtree, folder)


def _with_log(data: Path, octets: bytes, old: Path, given: Policy | None) -> Comparison:
    with LogReader(data / "custody.db") as reader:
        keys = [log.vkey for log in given.logs] if given else log_keys(reader)
        ours, _ = newest_head(reader)
        verify(ours, keys)
        theirs = _signed_by(octets, keys, old)
        return compare(ours, theirs, reader.subtree, reader.file)


def _signed_by(octets: bytes, keys: list[VerifierKey], old: Path) -> SignedNote:
    try:
        theirs = SignedNote.parse(octets)
    except FormatRefused as error:
        raise FormatRefused(f"{old}: this is no signed head ({error})") from None
    try:
        verify(theirs, keys)
    except FormatRefused as error:
        raise FormatRefused(
            f"{old}: it is not signed by this log and proves nothing ({error}); after a change of key give "
            "the older one too, with --vkey"
        ) from None
    return theirs


def _write_new(file: Path, octets: bytes) -> None:
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        raise UserMistake(f"{file}: it is there already, and nothing is written over") from None
    except OSError as error:
        raise UserMistake(f"{file}: it cannot be written ({error.strerror})") from None
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(octets)
            opened.flush()
            os.fsync(descriptor)
    except OSError as error:
        file.unlink(missing_ok=True)
        raise UserMistake(f"{file}: it cannot be written ({error.strerror})") from None


def _as_json(found: Comparison) -> str:
    is_well = found.verdict is Verdict.CONTINUED
    said = {"ok": is_well, "verdict": found.verdict.value, "old": found.old, "new": found.new}
    return json.dumps({**said, "error": None if is_well else found.sentence})
