"""Verifiers of an export: ours, and those that nobody here wrote. Each answers "" or why it refuses.

go                 Debian's golang.org/x/mod/sumdb/note and tlog, by checker/main.go
openssl+pymerkle   openssl for the signature and pictures, pymerkle for every hash of the tree
aics-tlog          where tools/outside.sh found a Python for it
ironroom           `ironroom log verify` and, with a remembered head, `ironroom log diff`
"""

import os
import subprocess
from base64 import b64decode
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from click.testing import CliRunner
from pymerkle import InmemoryTree

from controller.cli import main

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
CACHE = ROOT / ".artefacts" / "outside"
NEWER_PYTHON = ROOT / ".venv-outside" / "bin" / "python"
GO_SOURCES = "/usr/share/gocode"  # where Debian puts golang-golang-x-mod-dev
ED25519_DER = bytes.fromhex("302a300506032b6570032100")  # RFC 8410 section 4, before the 32 bytes

Verifier = Callable[[str, Path, Path | None], str]


def ironroom(vkey: str, folder: Path, remembered: Path | None) -> str:
    questions = [["log", "verify", str(folder), "--vkey", vkey, "--jobs", "1"]]
    if remembered:
        questions.append(["log", "diff", str(remembered), str(folder), "--vkey", vkey])
    for question in questions:
        told = CliRunner().invoke(main, question, catch_exceptions=False)
        assert told.exit_code in (0, 1), told.output
        if told.exit_code:
            return told.output
    return ""


def checker() -> Path:
    """The Go program, built once for these sources."""
    source = HERE / "checker" / "main.go"
    built = CACHE / f"checker-{sha256(source.read_bytes()).hexdigest()[:16]}"
    if not built.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        fresh = CACHE / f"{built.name}.{os.getpid()}"
        debian = {"GO111MODULE": "off", "GOPATH": GO_SOURCES, "GOFLAGS": "", "GOPROXY": "off"}
        place = {"GOCACHE": str(CACHE / "go"), "CGO_ENABLED": "0"}
        command = ["go", "build", "-o", str(fresh), str(source)]
        subprocess.run(command, check=True, timeout=300, env=os.environ | debian | place)
        fresh.replace(built)
    return built


def go(vkey: str, folder: Path, remembered: Path | None) -> str:
    return _program([str(checker())], vkey, folder, remembered)


def aics(vkey: str, folder: Path, remembered: Path | None) -> str:
    return _program([str(NEWER_PYTHON), str(HERE / "aics_audit.py")], vkey, folder, remembered)


def _program(command: list[str], vkey: str, folder: Path, remembered: Path | None) -> str:
    arguments = [*command, vkey, str(folder), *([str(remembered)] if remembered else [])]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode in (0, 1), done.stderr
    said = (done.stdout + done.stderr).strip()
    assert not done.returncode or said.startswith("REFUSED"), said
    return said if done.returncode else ""


def openssl_and_pymerkle(vkey: str, folder: Path, remembered: Path | None) -> str:
    """Signature by openssl, hashes by pymerkle; the glue between them is here."""
    head = folder / "checkpoint"
    if not _openssl_verifies(vkey, head):
        return "the signature is not the log's"
    size, root = _numbers(head)
    tree = InmemoryTree(algorithm="sha256")
    for start in range(0, size, 256):
        wrong = _add_bundle(tree, folder, start, min(256, size - start))
        if wrong:
            return wrong
    if tree.get_root() != root:
        return "the entries do not give the signed root"
    for picture in (folder / "pictures").glob("*"):
        if _openssl("dgst", "-sha256", "-r", str(picture)).split()[:1] != [picture.name]:
            return f"{picture.name} has another digest"
    return _does_not_continue(vkey, tree, remembered) if remembered else ""


def _does_not_continue(vkey: str, tree: InmemoryTree, remembered: Path) -> str:
    if not _openssl_verifies(vkey, remembered):
        return "the remembered head is not the log's"
    older, root = _numbers(remembered)
    is_continued = older <= tree.get_size() and tree.get_root(older) == root
    return "" if is_continued else "it does not continue the remembered head"


def _add_bundle(tree: InmemoryTree, folder: Path, start: int, width: int) -> str:
    """Add the entries of one bundle; its tile, and its hash in the tile above, must be what pymerkle says."""
    name = f"{start // 256:03}" + (f".p/{width}" if width < 256 else "")
    try:
        entries = list(_entries((folder / "tile" / "entries" / name).read_bytes()))
        tile = (folder / "tile" / "0" / name).read_bytes()
    except FileNotFoundError:
        return f"{name} is missing"
    if len(entries) != width:
        return f"{name} has {len(entries)} entries"
    small = InmemoryTree(algorithm="sha256")
    for entry in entries:
        small.append_entry(entry)
        tree.append_entry(entry)
    if tile != b"".join(small.get_leaf(i) for i in range(1, width + 1)):
        return f"tile/0/{name} is not what its entries give"
    (above,) = (folder / "tile" / "1").rglob("*.p/*")
    at = start // 256 * 32
    if width == 256 and above.read_bytes()[at : at + 32] != small.get_root():
        return f"{above} is not what the entries give"
    return ""


def _entries(bundle: bytes) -> Iterator[bytes]:
    while bundle:
        length = int.from_bytes(bundle[:2], "big")
        yield bundle[2 : 2 + length]
        bundle = bundle[2 + length :]


def _numbers(head: Path) -> tuple[int, bytes]:
    _, size, root, *_ = head.read_text(encoding="utf-8").split("\n")
    return int(size), b64decode(root)


def _openssl_verifies(vkey: str, head: Path) -> bool:
    name, _, material = vkey.split("+", 2)
    text, _, lines = head.read_text(encoding="utf-8").partition("\n\n")
    signatures = [line.split(" ")[2] for line in lines.splitlines() if line.startswith(f"— {name} ")]
    with TemporaryDirectory() as place:
        key, signed, signature = (Path(place) / part for part in ("key", "signed", "signature"))
        key.write_bytes(ED25519_DER + b64decode(material)[1:])
        signed.write_text(text + "\n", encoding="utf-8")
        signature.write_bytes(b64decode(signatures[0])[4:])
        inputs = ["-rawin", "-in", str(signed), "-sigfile", str(signature)]
        said = _openssl("pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", str(key), *inputs)
    return "Signature Verified Successfully" in said


def _openssl(*arguments: str) -> str:
    done = subprocess.run(["openssl", *arguments], capture_output=True, text=True, timeout=60, check=False)
    return done.stdout


VERIFIERS: dict[str, Verifier] = {"go": go, "openssl+pymerkle": openssl_and_pymerkle, "ironroom": ironroom}
if NEWER_PYTHON.exists():
    VERIFIERS["aics-tlog"] = aics
