"""What is hashed and signed as it should be, and still no lawful log: the forger has key and tiles."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from controller.errors import LogDamaged
from controller.ledger import export_check
from controller.ledger.custody_log import CustodyLog
from controller.ledger.disclosures import conceal
from controller.ledger.export_check import verify_export
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.policy import Policy, PolicyLog, PolicyWitness
from controller.ledger.formats.signer import Ed25519Signer, signed
from controller.ledger.formats.tiles import decode_bundle, encode_bundle
from controller.ledger.tree import leaf_hash
from tests.ledger.export.exporting import COSIGNER, exported, files, verified
from tests.outside.forgery import ORIGIN, bodies, forge

SIGNER = Ed25519Signer.generate(ORIGIN)
POLICY = Policy((PolicyLog(SIGNER.vkey),), (), (), "none")
Change = Callable[[list[bytes]], None]


def later(n: int) -> Change:
    """Let entry `n` be of a later time than those behind it."""

    def change(entries: list[bytes]) -> None:
        entries[n] = entries[n].replace(b'"at":', b'"at":9', 1)

    return change


def counted_wrong(entries: list[bytes]) -> None:
    entries[7] = entries[7].replace(b'"n":7,', b'"n":8,')


def two_beginnings(entries: list[bytes]) -> None:
    entries[9] = entries[0].replace(b'"n":0,', b'"n":9,').replace(b'"at":0,', b'"at":7,')


CHANGES: list[tuple[Change, str, int | None]] = [
    (later(300), "runs backwards at entry 301", 301),
    (later(255), "room time runs back", None),
    (counted_wrong, "says that it is entry 8", 7),
    (two_beginnings, "not from the one in use", 9),
]


@pytest.mark.parametrize(("change", "wrong", "n"), CHANGES, ids=[one[1] for one in CHANGES])
def test_a_signed_tree_over_unlawful_entries_is_refused(
    grown: CustodyLog,
    folder: Path,
    change: Change,
    wrong: str,
    n: int | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(export_check, "_A_JOB", 1)  # a run of its own for each bundle
    exported(grown, folder)
    entries = bodies(folder)
    entries[0] = entries[0].replace(str(grown.vkey).encode(), str(SIGNER.vkey).encode())
    forge(folder, entries, SIGNER)
    assert verify_export(folder, POLICY).entries == 600
    change(entries)
    forge(folder, entries, SIGNER)
    with pytest.raises(LogDamaged, match=wrong) as refused:
        verify_export(folder, POLICY)
    assert refused.value.entry == n


def test_a_partial_bundle_that_agrees_with_its_tile_must_still_give_the_root(
    grown: CustodyLog, folder: Path
) -> None:
    exported(grown, folder)
    bundle, tile = (folder / "tile" / level / "002.p" / "88" for level in ("entries", "0"))
    entries = decode_bundle(bundle.read_bytes(), 88)
    entries[5] = entries[5].replace(b"wang", b"zhao")
    bundle.write_bytes(encode_bundle(entries))
    tile.write_bytes(b"".join(map(leaf_hash, entries)))
    with pytest.raises(LogDamaged, match="do not give the root"):
        verified(grown, folder)


def test_a_true_disclosure_that_no_entry_holds_is_refused(grown: CustodyLog, folder: Path) -> None:
    exported(grown, folder)
    _, (made,) = conceal({"v1": {"name": "Eve"}}, 3)
    line = json.dumps({"digest": made.digest, "disclosure": made.text})
    (folder / "disclosures.jsonl").write_text(line + "\n", encoding="ascii")
    assert "disclosures.jsonl" in files(folder)
    with pytest.raises(LogDamaged, match="no entry holds it"):
        verified(grown, folder)


def test_a_cosigned_head_of_another_history_is_refused(grown: CustodyLog, folder: Path) -> None:
    exported(grown, folder)
    witness = PolicyWitness("office", COSIGNER.vkey)
    policy = Policy((PolicyLog(grown.vkey),), (witness,), (), "office")
    text = Checkpoint(grown.vkey.name, 500, bytes(32)).text()
    (folder / "checkpoint.cosigned").write_bytes(signed(text, grown.signer, COSIGNER).to_bytes())
    with pytest.raises(LogDamaged, match="another history"):
        verify_export(folder, policy)
