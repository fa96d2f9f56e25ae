"""Inclusion and consistency proofs, to the letter of RFC 6962 section 2.1 and RFC 9162 section 2.1.

An inclusion proof shows that a leaf is in a tree; a consistency proof, that a tree continues an
older one. Both are lists of hashes, from the leaves upwards. Rule: where the hashes of a tree are
kept is not known here; the prover asks `subtree(start, end)` for the tree hash over those leaves.
Checking raises ProofRefused; there is no answer that can be ignored.
"""

from collections.abc import Callable, Sequence

from controller.errors import ProofRefused
from controller.ledger.tree import HASH_BYTES, Frontier, node_hash

Subtree = Callable[[int, int], bytes]


def subtree_of(leaves: Sequence[bytes]) -> Subtree:
    """Answer for subtrees of leaf hashes held in memory; every answer costs its number of leaves."""

    def subtree(start: int, end: int) -> bytes:
        frontier = Frontier()
        for leaf in leaves[start:end]:
            frontier.append(leaf)
        return frontier.root()

    return subtree


def inclusion_proof(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """PATH(index, D[size]) of RFC 6962 section 2.1.1; raises ValueError unless 0 <= index < size."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    return _path(index, 0, size, subtree)


def consistency_proof(old: int, new: int, subtree: Subtree) -> list[bytes]:
    """PROOF(old, D[new]) of RFC 6962 section 2.1.2; raises ValueError unless 0 < old <= new."""
    if not 0 < old <= new:
        raise ValueError(f"a tree of {new} leaves does not continue one of {old}")
    return _subproof(old, 0, new, subtree, whole=True)


def check_inclusion(leaf: bytes, index: int, size: int, root: bytes, proof: Sequence[bytes]) -> None:
    """Check an inclusion proof as RFC 9162 section 2.1.3.2 says; raises ProofRefused unless it holds."""
    if not 0 <= index < size:
        raise ProofRefused(f"a tree of {size} leaves has no leaf {index}")
    _require_hashes(leaf, root, *proof)
    turns = _turns(index, size)
    if len(turns) != len(proof):
        raise ProofRefused(f"the proof has {len(proof)} hashes, leaf {index} of {size} needs {len(turns)}")
    for is_right, sibling in zip(turns, proof, strict=True):
        leaf = node_hash(sibling, leaf) if is_right else node_hash(leaf, sibling)
    if leaf != root:
        raise ProofRefused(f"the proof of leaf {index} does not lead to the root of {size} leaves")


def check_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Check a consistency proof as RFC 9162 section 2.1.4.2 says; raises ProofRefused unless it holds."""
    if not 0 < old <= new:
        raise ProofRefused(f"a tree of {new} leaves does not continue one of {old}")
    if old == new:
        if proof or old_root != new_root:
            raise ProofRefused(f"two heads of size {new} differ, or their proof is not empty")
        return
    _require_hashes(old_root, new_root, *proof)
    # A perfect old tree is a node of the new one: its root starts the climb without being sent.
    is_perfect = old & (old - 1) == 0
    path = [old_root, *proof] if is_perfect else list(proof)
    low = (old & -old).bit_length() - 1  # the old tree's last perfect subtree stands this high
    turns = _turns((old - 1) >> low, ((new - 1) >> low) + 1)
    if len(path) != len(turns) + 1:
        raise ProofRefused(f"the proof has {len(proof)} hashes; from {old} to {new} needs another number")
    then = now = path[0]
    for is_right, sibling in zip(turns, path[1:], strict=True):
        if is_right:
            then = node_hash(sibling, then)
        now = node_hash(sibling, now) if is_right else node_hash(now, sibling)
    if then != old_root or now != new_root:
        raise ProofRefused(f"the head of size {new} does not continue the head of size {old}")


def _require_hashes(*hashes: bytes) -> None:
    if any(len(one) != HASH_BYTES for one in hashes):
        raise ProofRefused(f"every hash of a proof has {HASH_BYTES} bytes")


def _split(size: int) -> int:
    """The largest power of two smaller than the size: where RFC 6962 divides a tree."""
    return 1 << (size - 1).bit_length() - 1


def _path(index: int, start: int, end: int, subtree: Subtree) -> list[bytes]:
    if end - start == 1:
        return []
    middle = start + _split(end - start)
    if index < middle:
        return [*_path(index, start, middle, subtree), subtree(middle, end)]
    return [*_path(index, middle, end, subtree), subtree(start, middle)]


def _subproof(old: int, start: int, end: int, subtree: Subtree, *, whole: bool) -> list[bytes]:
    """SUBPROOF of RFC 6962 section 2.1.2; `whole` is its flag b: the checker has this very root already."""
    if old == end:
        return [] if whole else [subtree(start, end)]
    middle = start + _split(end - start)
    if old <= middle:
        return [*_subproof(old, start, middle, subtree, whole=whole), subtree(middle, end)]
    return [*_subproof(old, middle, end, subtree, whole=False), subtree(start, middle)]


def _turns(index: int, size: int) -> list[bool]:
    """From a leaf to the root, on each level where the node has a sibling: is the node the right child."""
    turns: list[bool] = []
    last = size - 1
    while last:
        if index & 1 or index != last:
            turns.append(bool(index & 1))
        index, last = index >> 1, last >> 1
    return turns
