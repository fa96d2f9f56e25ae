"""The tree against published vectors and a foreign implementation.

Vectors: transparency-dev/merkle testonly (reference_test.go, constants.go), the inputs, roots and
proofs that Certificate Transparency has used since the RFC 6962 reference code in C++.
Oracle: pymerkle (GPLv3, tests only).
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from controller.errors import ProofRefused
from controller.ledger.proofs import (
    check_consistency,
    check_inclusion,
    consistency_proof,
    inclusion_proof,
    subtree_of,
)
from controller.ledger.tree import EMPTY_ROOT, Frontier, leaf_hash

patiently = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow]
)  # a loaded machine is no fault

LEAVES = [
    leaf_hash(bytes.fromhex(text))
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
H1 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
H23 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
H4 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
H45 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
H4567 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
H67 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
INCLUSION = [  # leaf index, tree size, proof
    (0, 1, []),
    (0, 8, [H1, H23, H4567]),
    (5, 8, [H4, H67, ROOTS[4]]),
    (2, 3, [ROOTS[2]]),
    (1, 5, [ROOTS[1], H23, H4]),
]
CONSISTENCY = [  # old size, new size, proof
    (1, 1, []),
    (1, 8, [H1, H23, H4567]),
    (6, 8, [H45, H67, ROOTS[4]]),
    (2, 5, [H23, H4]),
]
sizes = st.integers(1, 70)
many_leaves = [leaf_hash(bytes([number])) for number in range(70)]


def root_of(leaves: list[bytes]) -> bytes:
    return subtree_of(leaves)(0, len(leaves))


@pytest.mark.parametrize("size", range(9))
def test_the_root_of_the_published_leaves_is_the_published_root(size: int) -> None:
    assert root_of(LEAVES[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size", "proof"), INCLUSION)
def test_published_inclusion_proofs_are_made_and_accepted(index: int, size: int, proof: list[str]) -> None:
    made = inclusion_proof(index, size, subtree_of(LEAVES[:size]))
    assert [part.hex() for part in made] == proof
    check_inclusion(LEAVES[index], index, size, bytes.fromhex(ROOTS[size]), made)


@pytest.mark.parametrize(("old", "new", "proof"), CONSISTENCY)
def test_published_consistency_proofs_are_made_and_accepted(old: int, new: int, proof: list[str]) -> None:
    made = consistency_proof(old, new, subtree_of(LEAVES[:new]))
    assert [part.hex() for part in made] == proof
    check_consistency(old, new, bytes.fromhex(ROOTS[old]), bytes.fromhex(ROOTS[new]), made)


@patiently
@given(st.lists(st.binary(max_size=40), max_size=100))
def test_the_frontier_agrees_with_pymerkle_at_every_size(entries: list[bytes]) -> None:
    oracle, frontier = InmemoryTree(algorithm="sha256"), Frontier()
    for entry in entries:
        oracle.append_entry(entry)
        frontier.append(leaf_hash(entry))
        assert frontier.root() == oracle.get_root()


@patiently
@given(st.integers(0, 70))
def test_a_frontier_survives_being_stored(size: int) -> None:
    frontier = Frontier()
    for leaf in many_leaves[:size]:
        frontier.append(leaf)
    stored = frontier.to_bytes()
    again = Frontier.from_bytes(stored)
    assert (again.size, again.root(), again.to_bytes()) == (size, frontier.root(), stored)


@patiently
@given(st.integers(0, 300), st.integers(0, 12))
def test_a_frontier_whose_hashes_do_not_fit_its_size_is_refused(size: int, hashes: int) -> None:
    stored = size.to_bytes(8, "big") + bytes(32 * hashes)
    if hashes == size.bit_count():
        assert Frontier.from_bytes(stored).size == size
        stored += b"\x00"
    with pytest.raises(ValueError, match="does not have"):
        Frontier.from_bytes(stored)


def test_a_copied_frontier_grows_alone() -> None:
    first = Frontier()
    second = first.copy()
    second.append(LEAVES[0])
    assert (first.size, first.root()) == (0, EMPTY_ROOT)
    assert second.root().hex() == ROOTS[1]


@patiently
@given(sizes, st.data())
def test_every_leaf_can_be_proven_and_no_altered_proof_holds(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    leaves = many_leaves[:size]
    root = root_of(leaves)
    proof = inclusion_proof(index, size, subtree_of(leaves))
    check_inclusion(leaves[index], index, size, root, proof)
    for wrong in altered(proof):
        with pytest.raises(ProofRefused):
            check_inclusion(leaves[index], index, size, root, wrong)
    with pytest.raises(ProofRefused):
        check_inclusion(leaf_hash(b"another"), index, size, root, proof)


@patiently
@given(sizes, st.data())
def test_every_older_head_is_continued_and_no_altered_proof_holds(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, size))
    leaves = many_leaves[:size]
    old_root, root = root_of(leaves[:old]), root_of(leaves)
    proof = consistency_proof(old, size, subtree_of(leaves))
    check_consistency(old, size, old_root, root, proof)
    for wrong in altered(proof):
        with pytest.raises(ProofRefused):
            check_consistency(old, size, old_root, root, wrong)
    with pytest.raises(ProofRefused):
        check_consistency(old, size, leaf_hash(b"another past"), root, proof)
    with pytest.raises(ProofRefused):
        check_consistency(old, size, old_root, leaf_hash(b"another present"), proof)


def altered(proof: list[bytes]) -> list[list[bytes]]:
    """The proof with one hash changed, with one left out, with one too many."""
    changed = [[*proof[:at], bytes(32), *proof[at + 1 :]] for at in range(len(proof))]
    dropped = [[*proof[:at], *proof[at + 1 :]] for at in range(len(proof))]
    return [*changed, *dropped, [*proof, bytes(32)]]


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_a_leaf_outside_the_tree_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        inclusion_proof(index, size, subtree_of(LEAVES))
    with pytest.raises(ProofRefused, match="no leaf"):
        check_inclusion(LEAVES[0], index, size, EMPTY_ROOT, [])


@pytest.mark.parametrize(("old", "new"), [(0, 3), (4, 3)])
def test_a_tree_does_not_continue_a_larger_or_an_empty_one(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="does not continue"):
        consistency_proof(old, new, subtree_of(LEAVES))
    with pytest.raises(ProofRefused, match="does not continue"):
        check_consistency(old, new, EMPTY_ROOT, EMPTY_ROOT, [])
