"""A true export with a remembered head, and the eleven ways in which a forger changes it.

Rule: the forger is root on the box. He has the log's key where a tampering says "re-signed", and always
all programs; what he does not have is the head that the auditor kept.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from controller.ledger.custody_log import CustodyLog
from controller.ledger.export import export
from controller.ledger.export_tree import ExportTree
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.signer import Ed25519Signer, Signer, signed
from controller.ledger.formats.tiles import ENTRIES, WIDTH, all_tiles, decode_bundle, encode_bundle
from controller.ledger.proofs import subtree_of
from controller.ledger.reading import LogReader
from controller.ledger.sqlite import sqlite3
from controller.ledger.tree import leaf_hash

ORIGIN = "bank.example/vault-1"
ROLLED, REMEMBERED, SIZE = 530, 560, 600
PICTURE = b"\x89PNG: two people at the iron door"
OTHER = b"\x89PNG: nobody at the iron door"


@dataclass(frozen=True, slots=True)
class World:
    """The true `export` of 600 entries, an older one of 530, the head kept at 560, and the log's key."""

    export: Path
    older: Path
    remembered: Path
    signer: Signer

    @property
    def vkey(self) -> str:
        """What the contract says."""
        return str(self.signer.vkey)


def build(place: Path) -> World:
    """Write the log in a folder, as the product does."""
    data = place / "data"
    with CustodyLog.open(data / "custody.db", origin=ORIGIN) as log:
        (data / "pictures").mkdir()
        taken = [{"sha256": kept(data, one), "size": len(one), "camera": "door"} for one in (PICTURE, OTHER)]
        key = entry(0, kind="log_key", vkey=str(log.vkey))
        log.append([key, entry(1, kind="pictures_taken", shot=1, pictures=taken)])
        log.append([entry(n, personal={f"v{n}": {"name": "Anna"}}) for n in range(2, ROLLED)])
        exported(data, place / "older")
        log.append([entry(n) for n in range(ROLLED, REMEMBERED)])
        note = log.note()
        assert note is not None
        (place / "remembered").write_bytes(note)
        log.append([entry(n) for n in range(REMEMBERED, SIZE)])
        exported(data, place / "export")
        return World(place / "export", place / "older", place / "remembered", log.signer)


def kept(data: Path, octets: bytes) -> str:
    """A picture in its folder; its name."""
    name = sha256(octets).hexdigest()
    (data / "pictures" / name).write_bytes(octets)
    return name


def prune(world: World, place: Path) -> Path:
    """A true export of the log after its first bundle was pruned."""
    shutil.copytree(world.export.parent / "data", place / "data")
    with CustodyLog.open(place / "data" / "custody.db") as log:
        log.append([entry(SIZE, kind="pruned", kept_from=256, bodies=256)])
    with sqlite3.connect(place / "data" / "custody.db") as connection:
        connection.execute("UPDATE entry SET body = x'' WHERE n < 256")
        connection.execute("INSERT INTO mark VALUES ('kept_from', 256)")
    connection.close()
    exported(place / "data", place / "pruned")
    return place / "pruned"


def exported(data: Path, folder: Path) -> None:
    with LogReader(data / "custody.db") as reader:
        export(reader, folder, None, lambda _done, _all: None, personal=True)


def entry(n: int, **more: object) -> dict[str, object]:
    second = f"{n // 60 % 60:02}:{n % 60:02}"
    stamp = {"at": n * 1000, "time": f"2026-03-02T01:{second}.000Z", "clock": "synced", "policy": "p1"}
    return {**stamp, "kind": "granted", "place": "main", "who": ["li", "wang"], **more}


def bodies(folder: Path) -> list[bytes]:
    tree = ExportTree(folder)
    return [body for at in range(0, tree.head.size, WIDTH) for body in tree.bundle(at // WIDTH)]


def forge(folder: Path, entries: list[bytes], signer: Signer) -> None:
    """Write tiles, bundles and head anew for these entries, as a log of its own would have them."""
    shutil.rmtree(folder / "tile")
    leaves = [leaf_hash(body) for body in entries]
    subtree = subtree_of(leaves)
    for tile in all_tiles(len(entries)):
        start, end = tile.span
        unit = (end - start) // tile.width
        file = folder / str(tile)
        file.parent.mkdir(parents=True, exist_ok=True)
        if tile.level == ENTRIES:
            file.write_bytes(encode_bundle(entries[start:end]))
        else:
            file.write_bytes(b"".join(subtree(at, at + unit) for at in range(start, end, unit)))
    sign(folder, Checkpoint(ORIGIN, len(entries), subtree(0, len(entries))), signer)


def sign(folder: Path, head: Checkpoint, signer: Signer) -> None:
    (folder / "checkpoint").write_bytes(signed(head.text(), signer).to_bytes())


def changed_body(folder: Path, _: World) -> None:
    file = folder / "tile" / "entries" / "001"
    file.write_bytes(file.read_bytes().replace(b'"wang"', b'"zhao"', 1))


def swapped_entries(folder: Path, _: World) -> None:
    """Two neighbours and their leaf hashes change places, so that bundle and tile agree."""
    file = folder / "tile" / "entries" / "001"
    entries = decode_bundle(file.read_bytes(), WIDTH)
    entries[7], entries[8] = entries[8], entries[7]
    file.write_bytes(encode_bundle(entries))
    (folder / "tile" / "0" / "001").write_bytes(b"".join(map(leaf_hash, entries)))


def dropped_tail(folder: Path, world: World) -> None:
    """The last entries go, and the head over the rest is re-signed."""
    forge(folder, bodies(folder)[: REMEMBERED - 10], world.signer)


def rewritten_history(folder: Path, world: World) -> None:
    """One old entry says something else, and everything is re-signed."""
    entries = bodies(folder)
    entries[100] = entries[100].replace(b'"wang"', b'"zhao"')
    forge(folder, entries, world.signer)


def rolled_back_head(folder: Path, world: World) -> None:
    """The whole folder is an older one, truly signed then."""
    shutil.rmtree(folder)
    shutil.copytree(world.older, folder)


def split_view(folder: Path, world: World) -> None:
    """Another history of as many entries as the auditor remembers, re-signed for somebody else's eyes."""
    entries = bodies(folder)[:REMEMBERED]
    entries[-1] = entries[-1].replace(b'"granted"', b'"refused"')
    forge(folder, entries, world.signer)


def damaged_inner_tile(folder: Path, _: World) -> None:
    file = folder / "tile" / "1" / "000.p" / "2"
    octets = bytearray(file.read_bytes())
    octets[40] ^= 1
    file.write_bytes(octets)


def wrong_key(folder: Path, _: World) -> None:
    """Signed by another key of the same name, which the folder's own policy then names."""
    stranger = Ed25519Signer.generate(ORIGIN)
    sign(folder, ExportTree(folder).head, stranger)
    (folder / "policy").write_text(f"log {stranger.vkey}\nquorum none\n", encoding="ascii")


def stale_partial_tile(folder: Path, world: World) -> None:
    """The partial tile and bundle of the older export stand where the newest should be."""
    for level in ("entries", "0"):
        shutil.rmtree(folder / "tile" / level / "002.p")
        shutil.copytree(world.older / "tile" / level / "002.p", folder / "tile" / level / "002.p")


def altered_picture(folder: Path, _: World) -> None:
    file = folder / "pictures" / sha256(PICTURE).hexdigest()
    file.write_bytes(PICTURE.replace(b"two", b"one"))


def exchanged_pictures(folder: Path, _: World) -> None:
    """Two true pictures, each under the name of the other."""
    one, other = (folder / "pictures" / sha256(octets).hexdigest() for octets in (PICTURE, OTHER))
    one.write_bytes(OTHER)
    other.write_bytes(PICTURE)


Tampering = Callable[[Path, World], None]

TAMPERINGS: tuple[Tampering, ...] = (
    changed_body,
    swapped_entries,
    dropped_tail,
    rewritten_history,
    rolled_back_head,
    split_view,
    damaged_inner_tile,
    wrong_key,
    stale_partial_tile,
    altered_picture,
    exchanged_pictures,
)
