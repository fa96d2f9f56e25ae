"""Inclusion and consistency proofs: the published good ones hold, every published corruption is refused."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from controller.errors import FormatRefused, ProofRefused
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.proofs import (
    check_consistency,
    check_inclusion,
    consistency_proof,
    inclusion_proof,
    subtree_of,
)
from controller.ledger.tree import EMPTY_ROOT, leaf_hash

PUBLISHED: dict[str, Any] = json.loads((Path(__file__).parent / "vectors" / "merkle_proofs.json").read_text())
LEAVES = [leaf_hash(bytes.fromhex(leaf)) for leaf in PUBLISHED["leaves"]]
ROOTS = [bytes.fromhex(root) for root in PUBLISHED["roots"]]
SOME = bytes.fromhex(PUBLISHED["some_hash"])


class Inclusion(NamedTuple):
    leaf: bytes
    number: int
    size: int
    root: bytes
    proof: list[bytes]


class Consistency(NamedTuple):
    old: int
    new: int
    old_root: bytes
    new_root: bytes
    proof: list[bytes]


def inclusions() -> Iterator[Inclusion]:
    for case in PUBLISHED["inclusion"]:
        proof = [bytes.fromhex(one) for one in case["proof"]]
        yield Inclusion(LEAVES[case["index"]], case["index"], case["size"], ROOTS[case["size"] - 1], proof)


def consistencies() -> Iterator[Consistency]:
    for case in PUBLISHED["consistency"]:
        old, new = case["size1"], case["size2"]
        proof = [bytes.fromhex(one) for one in case["proof"]]
        yield Consistency(old, new, ROOTS[old - 1], ROOTS[new - 1], proof)


def flipped(proof: list[bytes], at: int, bit: int) -> list[bytes]:
    changed = bytes([proof[at][0] ^ bit]) + proof[at][1:]
    return [*proof[:at], changed, *proof[at + 1 :]]


def corrupt_inclusions(good: Inclusion) -> Iterator[tuple[str, Inclusion]]:
    proof, root = good.proof, good.root
    yield "leafIndex - 1", good._replace(number=good.number - 1)
    yield "leafIndex + 1", good._replace(number=good.number + 1)
    yield "leafIndex ^ 2", good._replace(number=good.number ^ 2)
    yield "treeSize * 2", good._replace(size=good.size * 2)
    yield "treeSize / 2", good._replace(size=good.size // 2)
    yield "wrong leaf", good._replace(leaf=b"WrongLeaf")
    yield "empty root", good._replace(root=EMPTY_ROOT)
    yield "random root", good._replace(root=SOME)
    yield "trailing garbage", good._replace(proof=[*proof, b""])
    yield "trailing root", good._replace(proof=[*proof, root])
    yield "preceding garbage", good._replace(proof=[b"", *proof])
    yield "preceding root", good._replace(proof=[root, *proof])
    for at in range(len(proof)):
        yield f"modified proof[{at}] bit 3", good._replace(proof=flipped(proof, at, 8))
    if proof:
        yield "removed component", good._replace(proof=proof[:-1])
    if len(proof) > 1:
        yield "inserted component", good._replace(proof=[proof[0], SOME, *proof[1:]])


def corrupt_consistencies(good: Consistency) -> Iterator[tuple[str, Consistency]]:
    proof = good.proof
    yield "size1 - 1", good._replace(old=good.old - 1)
    yield "size1 + 1", good._replace(old=good.old + 1)
    yield "size1 ^ 2", good._replace(old=good.old ^ 2)
    yield "size2 * 2", good._replace(new=good.new * 2)
    yield "size2 / 2", good._replace(new=good.new // 2)
    yield "wrong root1", good._replace(old_root=b"WrongRoot")
    yield "wrong root2", good._replace(new_root=b"WrongRoot")
    yield "swapped roots", good._replace(old_root=good.new_root, new_root=good.old_root)
    yield "empty proof", good._replace(proof=[])
    for name, extra in (("garbage", b""), ("root1", good.old_root), ("root2", good.new_root)):
        yield f"trailing {name}", good._replace(proof=[*proof, extra])
        yield f"preceding {name}", good._replace(proof=[extra, *proof])
    yield "preceding proof[0]", good._replace(proof=[proof[0], *proof])
    yield "truncated proof", good._replace(proof=proof[:-1])
    for at in range(len(proof)):
        yield f"modified proof[{at}] bit 4", good._replace(proof=flipped(proof, at, 16))


BAD_INCLUSIONS = {
    f"{good.number} of {good.size}: {kind}": bad
    for good in inclusions()
    for kind, bad in corrupt_inclusions(good)
}
BAD_CONSISTENCIES = {
    f"{good.old} to {good.new}: {kind}": bad
    for good in consistencies()
    if good.proof
    for kind, bad in corrupt_consistencies(good)
}
PROBES = PUBLISHED["inclusion_probes"] + PUBLISHED["consistency_probes"]


def holds(check: Callable[[], None]) -> bool:
    try:
        check()
    except (ProofRefused, FormatRefused):
        return False
    return True


def test_all_published_cases_are_here() -> None:
    good = len(list(inclusions())) + len(list(consistencies()))
    assert good + len(BAD_INCLUSIONS) + len(BAD_CONSISTENCIES) + len(PROBES) == 195


@pytest.mark.parametrize("good", list(inclusions()))
def test_a_published_inclusion_proof_holds_and_is_the_one_we_make(good: Inclusion) -> None:
    check_inclusion(*good)
    assert inclusion_proof(good.number, good.size, subtree_of(LEAVES)) == good.proof


@pytest.mark.parametrize("good", list(consistencies()))
def test_a_published_consistency_proof_holds_and_is_the_one_we_make(good: Consistency) -> None:
    check_consistency(*good)
    assert consistency_proof(good.old, good.new, subtree_of(LEAVES)) == good.proof


@pytest.mark.parametrize("bad", BAD_INCLUSIONS.values(), ids=BAD_INCLUSIONS)
def test_a_corrupted_inclusion_proof_is_refused(bad: Inclusion) -> None:
    with pytest.raises(ProofRefused):
        check_inclusion(*bad)


@pytest.mark.parametrize("bad", BAD_CONSISTENCIES.values(), ids=BAD_CONSISTENCIES)
def test_a_corrupted_consistency_proof_is_refused(bad: Consistency) -> None:
    with pytest.raises(ProofRefused):
        check_consistency(*bad)


@pytest.mark.parametrize("probe", PUBLISHED["inclusion_probes"])
def test_an_empty_inclusion_proof_holds_only_for_the_single_leaf_that_is_the_root(
    probe: dict[str, Any],
) -> None:
    leaf, root = bytes.fromhex(probe["leaf"]), bytes.fromhex(probe["root"])

    def check() -> None:
        size = Checkpoint("log", probe["size"], root).size  # the length of a root is refused here already
        check_inclusion(leaf, probe["index"], size, root, [])

    assert holds(check) is probe["holds"]


@pytest.mark.parametrize("probe", PUBLISHED["consistency_probes"])
def test_a_trivial_consistency_proof_holds_only_where_published_and_never_from_an_empty_tree(
    probe: dict[str, Any],
) -> None:
    old, new = probe["size1"], probe["size2"]
    roots = bytes.fromhex(probe["root1"]), bytes.fromhex(probe["root2"])
    proof = [bytes.fromhex(one) for one in probe["proof"]]
    # The published verifiers take anything as continuing an empty tree; here there is no such proof.
    expected = probe["holds"] and old > 0
    assert holds(lambda: check_consistency(old, new, *roots, proof)) is expected
