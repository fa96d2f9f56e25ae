"""Full verification: every byte of evidence read, respelt and hashed again. Rule 14: it raises or it reports.

In this order, and the first thing found is told:
  1. SQLite's own structure and indexes (PRAGMA integrity_check), and no table or trigger but a log's;
  2. the newest head counts exactly the entries that are there;
  3. each entry: counter without gaps, bytes canonical and lawful, `at` never decreasing, leaf hash,
     the columns for searching equal to the body; of a pruned one only its leaf hash is left;
  4. each stored head equal to the tree over its entries, each node equal to what its entries give;
  5. each stored disclosure the one that its entry holds the digest of, each picture key made by its entry;
  6. each stored head's signature by a trusted key: those given, or those that the log itself names,
     of which every later one is signed by the one before it; a key that began after a restoration must be
     one of those given. A key signs from the Entry that names it to the next one, and no head after that;
     the newest head is signed;
  7. no more bodies pruned than Entries say.

What no log can show by itself, an older state of the whole, needs a remembered head from outside:
compare `root` and `size` of the report with what was written down, or ask the log witnesses.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from controller.errors import FormatRefused, LogDamaged
from controller.ledger import picture_keys
from controller.ledger.disclosures import digest_of, digests_in
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.note import SignedNote
from controller.ledger.formats.note import verify as verify_note
from controller.ledger.formats.verifier_key import VerifierKey
from controller.ledger.key_trail import KeyEntry, in_use, require_trail
from controller.ledger.pruned_claims import Claim, claim_of, require_announced
from controller.ledger.reading import LogReader
from controller.ledger.schema import require_own_tables
from controller.ledger.verify_range import Found, verify_range
from controller.ledger.walk import Head, decoded, newest, stored_frontier

Progress = Callable[[int, int], None]
"""Called now and then with the entries verified and the entries there are."""

_DISCLOSURES = (
    "SELECT digest, disclosure.n, text, body FROM disclosure LEFT JOIN entry ON entry.n = disclosure.n "
    "WHERE disclosure.n < ? AND digest > ? ORDER BY digest LIMIT 1000"
)
_HEADS = "SELECT size, root, frontier, note FROM head WHERE size <= ? ORDER BY size"
_LATER_CLAIMS = "SELECT n, body FROM entry WHERE n >= ? AND kind = 'pruned' AND body != x''"
_GIVE_ALL = "Ask who holds the log's keys: after a change of key every one that there was is to be given"
_A_JOB = 50_000  # entries below which another process costs more than it gives


@dataclass(frozen=True, slots=True)
class Report:
    """What was verified: the file, its entries, the root over them, the heads compared, the signed ones.

    `vkey` is the verifier key that signed the newest head, "" where no key was known; `origin` its name.
    """

    file: Path
    entries: int
    root: bytes
    heads: int
    signed: int = 0
    vkey: str = ""


def verify(
    file: Path,
    progress: Progress | None = None,
    *,
    trusted: Sequence[VerifierKey] = (),
    jobs: int = 1,
    restored: Sequence[VerifierKey] = (),
) -> Report:
    """Verify a log from its first entry to its newest head, beside a running controller too.

    `trusted` are the log's verifier keys as they were handed over outside the log; without them the keys
    that the log names are taken, and with them those that began after a restoration if they are among
    `restored`, handed over outside too. `jobs` processes share the work. Raises LogDamaged with the first
    entry that is wrong, LogMissing or LogUnreadable when there is nothing to verify.
    """
    with LogReader(file) as reader:
        return _Verification(reader, progress or (lambda _done, _all: None), trusted, restored).run(jobs)


class _Verification:
    def __init__(
        self,
        reader: LogReader,
        progress: Progress,
        trusted: Sequence[VerifierKey],
        restored: Sequence[VerifierKey],
    ) -> None:
        self._reader, self._file, self._progress = reader, reader.file, progress
        self._trusted, self._restored = trusted, restored
        self._notes: list[tuple[int, bytes | None]] = []

    def run(self, jobs: int) -> Report:
        self._check_structure()
        heads = self._heads()
        size = heads[-1].size if heads else 0
        found = list(self._ranges(heads, size, min(jobs, size // _A_JOB + 1)))
        self._require_nodes(size, sum(one.nodes for one in found))
        self._check_disclosures(size)
        picture_keys.require_own(self._reader.fetch, self._file, size)
        self._check_pruned(size, found)
        trail = [key for one in found for key in one.keys]
        require_trail(self._file, trail, [*self._trusted, *self._restored])
        self._require_old_heads(heads, trail)
        keys = list(self._trusted) or [*_named(trail), *self._restored]
        signed, vkey = self._check_notes(heads, keys, trail)
        self._progress(size, size)
        root = heads[-1].root if heads else newest(self._reader.fetch, self._file).root()
        return Report(self._file, size, root, len(heads), signed, vkey)

    def _check_structure(self) -> None:
        require_own_tables(self._reader.fetch, self._file)  # first: a strange index could keep us busy
        ((answer,),) = self._reader.fetch("PRAGMA integrity_check(1)", ())
        if answer != "ok":
            raise LogDamaged(self._file, f"the database is damaged ({answer})")

    def _heads(self) -> list[Head]:
        """Every stored head up to the newest one, which a running controller may move meanwhile."""
        while True:
            last = newest(self._reader.fetch, self._file)
            rows = self._reader.fetch(_HEADS, (last.size,))
            if not last.size or (rows and rows[-1][0] == last.size):  # else it moved between the two
                break
        self._notes = [(size, note) for size, _, _, note in rows]
        frontiers = [stored_frontier(self._file, *row[:3]) for row in rows]
        return [Head(frontier.size, frontier.root()) for frontier in frontiers]

    def _ranges(self, heads: Sequence[Head], size: int, jobs: int) -> Iterator[Found]:
        done = 0

        def told(more: int) -> None:
            nonlocal done
            done += more
            self._progress(min(done, size), size)

        if jobs == 1:
            yield verify_range(self._file, 0, heads, told)
            return
        shares = list(_shares(heads, 4 * jobs))
        with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
            waiting = [pool.submit(verify_range, self._file, begin, part, _silent) for begin, part in shares]
            try:
                for one in as_completed(waiting):
                    one.result()
                    told(size // len(waiting))
                yield from (one.result() for one in waiting)
            finally:
                pool.shutdown(cancel_futures=True)

    def _require_nodes(self, size: int, found: int) -> None:
        ((stored,),) = self._reader.fetch(
            "SELECT count(*) FROM node WHERE (i + 1) << (8 * level) <= ?", (size,)
        )
        if stored != found:
            raise LogDamaged(self._file, f"{stored} nodes of the tree are stored, {found} belong to it")

    def _check_disclosures(self, size: int) -> None:
        last = ""
        while page := self._reader.fetch(_DISCLOSURES, (size, last)):
            for last, n, text, body in page:
                if body and (digest_of(text) != last or last not in digests_in(decoded(self._file, n, body))):
                    wrong = f"a disclosure of entry {n} is not what its digest stands for"
                    raise LogDamaged(self._file, wrong, entry=n)

    def _require_old_heads(self, heads: Sequence[Head], trail: Sequence[KeyEntry]) -> None:
        roots = {head.size: head.root.hex() for head in heads}
        for n, _, _, head in trail:
            if head and roots.get(n) != head:
                raise LogDamaged(self._file, f"the restoration in entry {n} is of another head", entry=n)

    def _check_pruned(self, size: int, found: Sequence[Found]) -> None:
        claims = [claim for one in found for claim in one.claims]
        # A running controller may have announced, and pruned, since the newest head was looked at.
        claims += map(self._claim, self._reader.fetch(_LATER_CLAIMS, (size,)))
        last = max(one.last_pruned for one in found) if found else -1
        require_announced(self._file, last, sum(one.pruned for one in found), claims)

    def _claim(self, row: tuple[int, bytes]) -> Claim:
        return claim_of(decoded(self._file, *row))

    def _check_notes(
        self, heads: Sequence[Head], keys: Sequence[VerifierKey], trail: Sequence[KeyEntry]
    ) -> tuple[int, str]:
        roots, signed, by = {head.size: head.root for head in heads}, 0, ""
        for size, octets in self._notes:
            by = ""
            if octets is None:  # of an older version, which did not sign
                continue
            try:
                note = SignedNote.parse(octets)
                checkpoint = Checkpoint.parse(note.text)
                by = self._signer(size, note, keys, trail) if keys else ""
            except FormatRefused as error:
                raise LogDamaged(self._file, f"the signed head of {size} entries: {error}") from None
            if (checkpoint.size, checkpoint.root) != (size, roots[size]):
                raise LogDamaged(self._file, f"the signed head of {size} entries is another one")
            signed += bool(keys)
        if heads and keys and not by:
            raise LogDamaged(self._file, f"the newest head, of {heads[-1].size} entries, is not signed")
        return signed, by

    def _signer(
        self, size: int, note: SignedNote, keys: Sequence[VerifierKey], trail: Sequence[KeyEntry]
    ) -> str:
        due = in_use(trail, size)
        if due and due not in map(str, keys):
            wrong = f"the log says that {due} signed the head of {size} entries, and that key was not given"
            raise LogDamaged(self._file, wrong, _GIVE_ALL)
        signers = [str(vkey) for vkey in verify_note(note, keys)]
        if due and due not in signers:
            wrong = f"the head of {size} entries is signed by a key that was no longer in use"
            raise LogDamaged(self._file, wrong)
        return signers[-1]


def _named(trail: Sequence[KeyEntry]) -> list[VerifierKey]:
    return [VerifierKey.parse(entry.key) for entry in trail if entry.key]


def _shares(heads: Sequence[Head], parts: int) -> Iterator[tuple[int, Sequence[Head]]]:
    """Divide the heads into runs of about as many entries, each with the size that it begins with."""
    begin, share, of = 0, [], heads[-1].size
    for head in heads:
        share.append(head)
        if head.size - begin >= of / parts or head is heads[-1]:
            yield begin, share
            begin, share = head.size, []


def _silent(_: int) -> None:
    """A process of its own tells its progress by ending."""
