"""Full verification of an exported folder: every file of it, and no other file. Rule 14: raises or reports.

In this order, and the first thing found is told:
  1. the signed head by the policy given; cosignatures may be on an older head of the same tree;
  2. each entry: canonical, lawful, in order, hashed as its tile says; the tree up to the signed root;
  3. each tile equal to what its entries give; no file that does not belong to the tree;
  4. no bundle missing but what an entry says was pruned;
  5. the log's keys as its entries tell, pictures against the digests in entries, disclosures too.

What no export can show by itself is that it is the newest: that needs a head remembered from outside
(continuity.py, `ironroom log diff`).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from controller.errors import FormatRefused, LogDamaged
from controller.ledger.disclosures import digest_of
from controller.ledger.export_folder import (
    ASK_AGAIN,
    CHECKPOINT,
    COSIGNED,
    DISCLOSURES,
    LONGEST,
    MINIMUM,
    PICTURES,
    POLICY,
    README,
    plain_files,
    read,
)
from controller.ledger.export_range import FoundThere, disclosed_digests, verify_bundles
from controller.ledger.export_tree import ExportTree
from controller.ledger.formats.policy import Policy
from controller.ledger.formats.tiles import ENTRIES, WIDTH, all_tiles
from controller.ledger.formats.verifier_key import VerifierKey
from controller.ledger.key_trail import KeyEntry, require_trail
from controller.ledger.pictures import Picture, is_whole
from controller.ledger.subtrees import perfect_root
from controller.ledger.tree import Frontier
from controller.ledger.verify import Progress
from controller.ledger.witnessed import accepted

_A_JOB = 200  # bundles below which another process costs more than it gives
_WORDS = {CHECKPOINT, COSIGNED, POLICY, README, MINIMUM, DISCLOSURES}


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was verified: `bodies` of the `entries` were there, `witnessed` stand under a quorum.

    `missing` counts pictures that entries name and that are not in the folder; that is no fault.
    """

    folder: Path
    entries: int
    root: bytes
    bodies: int
    witnessed: int
    pictures: int
    missing: int
    disclosures: int
    vkey: str


def own_policy(folder: Path) -> Policy:
    """The policy that lies in the folder: it proves nothing about who wrote the folder."""
    try:
        return Policy.parse(read(folder, POLICY, LONGEST[POLICY]))
    except FormatRefused as error:
        raise LogDamaged(folder / POLICY, f"this is no policy ({error})", ASK_AGAIN) from None


def verify_export(
    folder: Path, policy: Policy, progress: Progress | None = None, jobs: int = 1
) -> ExportReport:
    """Verify an exported folder against a policy that came from elsewhere; `jobs` processes share the work.

    Raises LogDamaged with the file and, where there is one, the entry that is wrong.
    """
    return _ExportCheck(folder, policy, progress or (lambda _done, _all: None)).run(jobs)


class _ExportCheck:
    def __init__(self, folder: Path, policy: Policy, progress: Progress) -> None:
        self._folder, self._policy, self._progress = folder, policy, progress
        self._tree = ExportTree(folder)
        self._head = self._tree.head
        self._minimum = self._tree.minimum()

    def run(self, jobs: int) -> ExportReport:
        names = list(plain_files(self._folder))  # first: nothing else is ever opened
        signed = accepted(
            self._policy,
            self._folder / CHECKPOINT,
            (self._tree.note, self._head),
            self._tree.cosigned(),
            self._tree.subtree,
        )
        bundles = -(-self._head.size // WIDTH)
        runs = list(self._runs(bundles, min(jobs, bundles // _A_JOB + 1)))
        self._check_tree(runs)
        pictures = {name: one for run in runs for name, one in run.pictures.items()}
        there = self._check_files(names, pictures.keys())
        self._check_missing(runs)
        self._check_times(runs)
        self._check_keys(runs, signed.vkeys)
        self._check_pictures(pictures, there)
        disclosures = self._check_disclosures(runs)
        return ExportReport(
            self._folder,
            self._head.size,
            self._head.root,
            sum(run.bodies for run in runs),
            signed.witnessed,
            len(there),
            len(pictures) - len(there),
            disclosures,
            str(signed.vkeys[-1]),
        )

    def _runs(self, bundles: int, jobs: int) -> Iterator[FoundThere]:
        if jobs == 1:
            for begin in range(0, bundles, _A_JOB):
                end = min(begin + _A_JOB, bundles)
                yield verify_bundles(self._folder, begin, end, self._minimum)
                self._progress(min(end * WIDTH, self._head.size), self._head.size)
            return
        share, done = -(-bundles // (4 * jobs)), 0
        with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
            waiting = [
                pool.submit(verify_bundles, self._folder, at, min(at + share, bundles), self._minimum)
                for at in range(0, bundles, share)
            ]
            try:
                for one in as_completed(waiting):
                    one.result()
                    done += share * WIDTH
                    self._progress(min(done, self._head.size), self._head.size)
                yield from (one.result() for one in waiting)
            finally:
                pool.shutdown(cancel_futures=True)

    def _check_tree(self, runs: Sequence[FoundThere]) -> None:
        row, rest = [one for run in runs for one in run.above], [one for run in runs for one in run.rest]
        is_signed = _root(row, rest) == self._head.root
        level = 1
        while row:
            for at in range(0, len(row), WIDTH):
                self._compare(level, at, row[at : at + WIDTH], is_signed=is_signed)
            row = [perfect_root(row[at : at + WIDTH]) for at in range(0, len(row) // WIDTH * WIDTH, WIDTH)]
            level += 1
        if not is_signed:
            wrong = f"the entries do not give the root that is signed for {self._head.size} entries"
            raise LogDamaged(self._folder / CHECKPOINT, wrong, ASK_AGAIN)

    def _compare(self, level: int, at: int, given: Sequence[bytes], *, is_signed: bool) -> None:
        tile = self._tree.tile(level, at // WIDTH)
        stored = self._tree.hashes(tile)
        wrong = next((i for i, hashed in enumerate(given) if stored[i] != hashed), None)
        if wrong is None:
            return
        unit = WIDTH**level
        start, file = (at + wrong) * unit, self._folder / str(tile)
        said = f"hash {wrong} is not that of entries {start} to {start + unit - 1}"
        if not is_signed:  # the entries are wrong, or all is: the tile says which bundle differs from it
            file = self._folder / str(self._tree.tile(ENTRIES, start // WIDTH))
            said = f"entries {start} to {start + unit - 1} are not those that {tile} has the hash of"
        raise LogDamaged(file, said, ASK_AGAIN, entry=start)

    def _check_files(self, names: Sequence[str], pictures: Collection[str]) -> list[str]:
        """The names of the pictures that are there; raises LogDamaged for a file that does not belong."""
        expected = {str(tile) for tile in all_tiles(self._head.size)} | _WORDS
        there: list[str] = []
        for name in names:
            parts = name.split("/")
            if parts[0] == PICTURES and len(parts) == 2 and parts[1] in pictures:
                there.append(parts[1])
            elif name not in expected:
                wrong = "this file does not belong to the tree, and no entry names it"
                raise LogDamaged(self._folder / name, wrong, ASK_AGAIN)
        return there

    def _check_missing(self, runs: Sequence[FoundThere]) -> None:
        """Anybody can take bundles away and write a minimum index: an entry must say that bodies went."""
        last = max((run.missing for run in runs), default=-1)
        said = max((claim.kept_from for run in runs for claim in run.claims), default=0)
        if 0 <= last >= said:
            wrong = f"entries from {last} on are missing, and none that is there says that they were pruned"
            file = self._folder / str(self._tree.tile(ENTRIES, last // WIDTH))
            raise LogDamaged(file, wrong, ASK_AGAIN, entry=last)

    def _check_times(self, runs: Sequence[FoundThere]) -> None:
        last = 0
        for run in runs:
            if run.first_at is None or run.last_at is None:
                continue
            if run.first_at < last:
                raise LogDamaged(self._folder, f"room time runs back to {run.first_at}", ASK_AGAIN)
            last = run.last_at

    def _check_keys(self, runs: Sequence[FoundThere], signers: Collection[VerifierKey]) -> None:
        trail = [key for run in runs for key in run.keys]
        if not trail:
            return
        begin = [KeyEntry(-1, "", trail[0].old)] if self._minimum and trail[0].old else []
        require_trail(self._folder, [*begin, *trail], [log.vkey for log in self._policy.logs])
        for one in trail:
            if one.head and self._tree.subtree(0, one.n).hex() != one.head:
                wrong = f"the restoration in entry {one.n} is of another head"
                raise LogDamaged(self._folder, wrong, ASK_AGAIN, entry=one.n)
        if trail[-1].key not in map(str, signers):
            wrong = f"the head is not signed by the key that entry {trail[-1].n} names"
            raise LogDamaged(self._folder / CHECKPOINT, wrong, ASK_AGAIN, entry=trail[-1].n)

    def _check_pictures(self, pictures: Mapping[str, Picture], there: Sequence[str]) -> None:
        for name in there:
            if not is_whole(pictures[name], self._folder / PICTURES / name):
                wrong = "the picture is not the one that its entry names"
                raise LogDamaged(self._folder / PICTURES / name, wrong, ASK_AGAIN)

    def _check_disclosures(self, runs: Sequence[FoundThere]) -> int:
        file, known = self._folder / DISCLOSURES, disclosed_digests(self._folder)
        held = {digest for run in runs for digest in run.disclosed}
        for digest, text in known.items():
            if not text.isascii() or digest_of(text) != digest or digest not in held:
                raise LogDamaged(file, f"{digest[:60]!r} is disclosed and no entry holds it so", ASK_AGAIN)
        return len(known)


def _root(above: Sequence[bytes], rest: Sequence[bytes]) -> bytes:
    """The root over full bundles by their level-1 hashes, and the leaves behind them."""
    peaks = Frontier()
    for hashed in above:
        peaks.append(hashed)
    size = (len(above) * WIDTH).to_bytes(8, "big")
    frontier = Frontier.from_bytes(size + peaks.to_bytes()[8:])
    for leaf in rest:
        frontier.append(leaf)
    return frontier.root()
