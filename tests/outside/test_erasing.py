"""A visitor is erased, and nobody outside can tell the log from one that only grew."""

import shutil
from pathlib import Path

import pytest

from controller.ledger.custody_log import CustodyLog
from controller.ledger.formats.note import SignedNote
from controller.ledger.formats.policy import NONE, Policy, PolicyLog
from controller.ledger.formats.receipt import Receipt, check
from controller.ledger.formats.verifier_key import VerifierKey
from controller.ledger.proofs import inclusion_proof
from tests.outside.forgery import REMEMBERED, SIZE, World, build, entry, exported
from tests.outside.verifiers import VERIFIERS

ERASED = 17


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return build(tmp_path_factory.mktemp("outside"))


@pytest.fixture(scope="module")
def erased(world: World) -> Path:
    """An export after an erasure, of the data folder beside it."""
    place = world.export.parent / "later"
    shutil.copytree(world.export.parent / "data", place / "data")
    with CustodyLog.open(place / "data" / "custody.db") as log:
        log.append([entry(SIZE, kind="erased", person=f"v{ERASED}", erases=[f"v{ERASED}"])])
        log.upkeep()
    exported(place / "data", place / "export")
    return place / "export"


@pytest.mark.parametrize("verifier", VERIFIERS)
def test_every_verifier_accepts_the_log_of_which_somebody_was_erased(
    world: World, erased: Path, verifier: str
) -> None:
    assert VERIFIERS[verifier](world.vkey, erased, world.remembered) == ""


def test_only_the_erased_ones_name_is_gone_from_the_export(world: World, erased: Path) -> None:
    before = (world.export / "disclosures.jsonl").read_text(encoding="ascii").splitlines()
    after = (erased / "disclosures.jsonl").read_text(encoding="ascii").splitlines()
    assert len(before) == len(after) + 1
    assert set(after) < set(before)


def test_a_receipt_handed_out_before_still_proves_the_entry(world: World, erased: Path) -> None:
    vkey = VerifierKey.parse(world.vkey)
    with CustodyLog.open(erased.parent / "data" / "custody.db") as log:
        proof = inclusion_proof(ERASED, REMEMBERED, log.subtree)  # as it was, for the head of that time
        ((body,),) = log._fetch("SELECT body FROM entry WHERE n = ?", (ERASED,))
    receipt = Receipt(ERASED, tuple(proof), SignedNote.parse(world.remembered.read_bytes()))
    policy = Policy((PolicyLog(vkey, None),), (), (), NONE)
    assert check(Receipt.parse(receipt.to_bytes()), body, policy).size == REMEMBERED
