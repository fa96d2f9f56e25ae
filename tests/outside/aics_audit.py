"""Checks an export with aics-tlog, in a Python of its own: aics_audit.py VKEY FOLDER [REMEMBERED-CHECKPOINT].

Rule: nothing of ours is used; it ends with 0, or with 1 and a sentence.
"""

import sys
from pathlib import Path
from typing import Any

import aics_tlog as tlog  # type: ignore[import-not-found]  # lives in .venv-outside alone


def head(file: Path, vkey: str) -> Any:
    key = tlog.parse_vkey(vkey)
    found = tlog.verify_checkpoint(tlog.parse_note(file.read_bytes()), key, expected_origin=key.name)
    if not found.ok:
        sys.exit(f"REFUSED: {file.name}: {found.error}")
    return found


def audit(vkey: str, folder: Path, remembered: Path | None) -> None:
    newest = head(folder / "checkpoint", vkey)
    reader = tlog.FileSystemTileReader(folder)
    tlog.audit_tiles(reader, newest.size, newest.root)
    if remembered:
        older = head(remembered, vkey)
        if older.size > newest.size:
            sys.exit(f"REFUSED: rolled back from {older.size} to {newest.size}")
        proof = tlog.consistency_proof_from_tiles(reader, older.size, newest.size)
        if not tlog.verify_consistency(older.size, newest.size, older.root, newest.root, proof):
            sys.exit("REFUSED: the head does not continue the remembered one")


if __name__ == "__main__":
    vkey, folder, *more = sys.argv[1:]
    try:
        audit(vkey, Path(folder), Path(more[0]) if more else None)
    except (ValueError, OSError) as error:
        sys.exit(f"REFUSED: {error}")
