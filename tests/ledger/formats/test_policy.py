"""Policies: who must have signed and cosigned, in every spelling that the specification allows."""

from itertools import combinations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from controller.errors import FormatRefused
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.cosignature import Cosigner
from controller.ledger.formats.note import Signature, VerifierKey
from controller.ledger.formats.policy import Policy, PolicyGroup, PolicyLog, PolicyWitness, satisfied
from controller.ledger.formats.signer import Ed25519Signer, Signer, signed

patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

ORIGIN = "room.example/main"
LOG = Ed25519Signer(ORIGIN, Ed25519PrivateKey.from_private_bytes(b"\7" * 32))
NAMES = ("X1", "X2", "X3", "Y1", "Y2", "Y3")
COSIGNERS: dict[str, Cosigner] = {
    name: Cosigner(
        f"{name}.example",
        Ed25519PrivateKey.from_private_bytes(bytes([at + 1]) * 32)
        if at % 2
        else MLDSA44PrivateKey.from_seed_bytes(bytes([at + 1]) * 32),
        lambda: 1_700_000_000,
    )
    for at, name in enumerate(NAMES)
}
HEAD = Checkpoint(ORIGIN, 5, b"\5" * 32)

# The example of C2SP tlog-policy, two levels of groups, its keys filled in.
EXAMPLE = "\n".join(
    [
        f"log {LOG.vkey}",
        "",
        *(f"witness {name} {COSIGNERS[name].vkey}" for name in NAMES[:3]),
        "group X-witnesses 2 X1 X2 X3",
        "",
        *(f"witness {name} {COSIGNERS[name].vkey}" for name in NAMES[3:]),
        "group Y-witnesses any Y1 Y2 Y3",
        "",
        "group X-and-Y all X-witnesses Y-witnesses",
        "quorum X-and-Y",
        "",
    ]
).encode()
POLICY = Policy.parse(EXAMPLE)


def test_the_example_of_the_specification_wants_two_of_three_and_one_of_three() -> None:
    for count in range(7):
        for cosigned in combinations(NAMES, count):
            enough = sum(name[0] == "X" for name in cosigned) >= 2 and any(
                name[0] == "Y" for name in cosigned
            )
            assert POLICY.is_quorum(cosigned) is enough


def test_a_checkpoint_is_trusted_exactly_when_its_log_signed_it_and_a_quorum_cosigned() -> None:
    note = signed(HEAD.text(), LOG, *(COSIGNERS[name] for name in ("X1", "X2", "Y3")))
    assert satisfied(POLICY, note) == HEAD
    for missing in (("X1", "X2"), ("X1", "Y3"), ()):
        signers: list[Signer] = [LOG, *(COSIGNERS[name] for name in missing)]
        with pytest.raises(FormatRefused, match="quorum"):
            satisfied(POLICY, signed(HEAD.text(), *signers))
    with pytest.raises(FormatRefused, match="no listed log"):
        satisfied(POLICY, signed(HEAD.text(), *COSIGNERS.values()))


def test_a_listed_log_speaks_for_its_own_origin_alone() -> None:
    policy = Policy((PolicyLog(LOG.vkey),), (), (), "none")
    other = Checkpoint("other.example/log", 5, b"\5" * 32)
    assert satisfied(policy, signed(HEAD.text(), LOG)) == HEAD
    with pytest.raises(FormatRefused):
        satisfied(policy, signed(other.text(), LOG))


def test_a_policy_without_logs_trusts_no_checkpoint() -> None:
    witness = PolicyWitness("X1", COSIGNERS["X1"].vkey)
    for policy in (Policy((), (), (), "none"), Policy((), (witness,), (), "X1")):
        with pytest.raises(FormatRefused):
            satisfied(policy, signed(HEAD.text(), LOG, COSIGNERS["X1"]))


def test_one_false_cosignature_by_a_listed_key_refuses_a_checkpoint_with_a_quorum() -> None:
    note = signed(HEAD.text(), LOG, *(COSIGNERS[name] for name in ("X1", "X2", "Y3")))
    other = Checkpoint(ORIGIN, 6, b"\6" * 32).text().encode()
    false = Signature.by(COSIGNERS["X3"].vkey, COSIGNERS["X3"].sign(other))
    with pytest.raises(FormatRefused, match=r"X3\.example"):
        satisfied(POLICY, note.joined([false]))


def test_a_log_that_signs_with_ml_dsa_44_is_accepted() -> None:
    log = Cosigner(ORIGIN, MLDSA44PrivateKey.from_seed_bytes(b"\x63" * 32), lambda: 7)
    assert satisfied(Policy((PolicyLog(log.vkey),), (), (), "none"), signed(HEAD.text(), log)) == HEAD


VKEY = str(COSIGNERS["X2"].vkey)
OTHER = str(COSIGNERS["Y1"].vkey)
TWO = f"witness a {VKEY}\nwitness b {OTHER}\n"


def test_every_lawful_spelling_of_a_policy_is_read_to_the_same() -> None:
    plain = Policy.parse(f"{TWO}group g 1 a b\nquorum g\n".encode())
    spelled = f"# who\n \t witness  a\t{VKEY} \n\n\t\nwitness b {OTHER}\t\n#\n group g any a b\nquorum g \n"
    assert Policy.parse(spelled.encode()) == plain
    assert plain.to_bytes() == f"{TWO}group g 1 a b\nquorum g\n".encode()
    assert Policy.parse(EXAMPLE + "# später\n".encode("latin-1")) == POLICY


REFUSED = {
    "no quorum": TWO,
    "two quorums": f"{TWO}quorum a\nquorum a\n",
    "an unknown quorum": f"{TWO}quorum c\n",
    "a quorum before its definition": f"quorum a\n{TWO}",
    "a quorum of two": f"{TWO}quorum a b\n",
    "a member before its definition": f"group g 1 a\n{TWO}quorum g\n",
    "a group of itself": "group g 1 g\nquorum g\n",
    "none as a member": "group g 1 none\nquorum g\n",
    "none as a name": f"witness none {VKEY}\nquorum none\n",
    "none as a group": f"{TWO}group none 1 a\nquorum none\n",
    "a name twice": f"witness a {VKEY}\nwitness a {OTHER}\nquorum a\n",
    "a group named like a log witness": f"{TWO}group a 1 b\nquorum a\n",
    "a member twice in a group": f"{TWO}group g 1 a a\nquorum g\n",
    "a member of two groups": f"{TWO}group g 1 a\ngroup h 1 a b\nquorum h\n",
    "a threshold of 0": f"{TWO}group g 0 a b\nquorum g\n",
    "a threshold above n": f"{TWO}group g 3 a b\nquorum g\n",
    "a threshold with a zero before": f"{TWO}group g 01 a b\nquorum g\n",
    "a threshold in words": f"{TWO}group g most a b\nquorum g\n",
    "a group of nobody": f"{TWO}group g all\nquorum none\n",
    "the same key twice": f"witness a {VKEY}\nwitness b {VKEY}\nquorum a\n",
    "the same key under another name": f"witness a {VKEY}\nwitness b "
    f"{VerifierKey.of('other', 4, COSIGNERS['X2'].vkey.key)}\nquorum a\n",
    "the same log twice": f"log {LOG.vkey}\nlog {LOG.vkey}\nquorum none\n",
    "a log witness with a log's key": f"witness a {LOG.vkey}\nquorum a\n",
    "a key that is none": "log name+00000000+AAAA\nquorum none\n",
    "an unknown line": "logs\nquorum none\n",
    "upper case": "QUORUM none\n",
    "too many items": f"log {LOG.vkey} url more\nquorum none\n",
    "a comment behind a line": f"witness a {VKEY} url # mine\nquorum a\n",
    "the last line not ended": "quorum none",
    "CRLF": "quorum none\r\n",
    "a form feed": "quorum\fnone\n",
    "a DEL": "quorum none\n# \x7f\n",
    "a zero byte": "quorum none\n\0",
    "a no-break space between items": "quorum\u00a0none\n",
    "nothing": "",
    "too long": "quorum none\n" + "#" * 2**21 + "\n",
    "too many groups": TWO
    + "group g0 1 a\n"
    + "".join(f"group g{n} 1 g{n - 1}\n" for n in range(1, 257))
    + "quorum a\n",
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_an_unlawful_policy_is_refused(text: str) -> None:
    with pytest.raises(FormatRefused):
        Policy.parse(text.encode())


def test_a_chain_of_256_groups_is_read() -> None:
    text = (
        TWO + "group g0 1 a\n" + "".join(f"group g{n} 1 g{n - 1}\n" for n in range(1, 256)) + "quorum g255\n"
    )
    policy = Policy.parse(text.encode())
    assert policy.is_quorum(["a"])
    assert not policy.is_quorum(["b"])


def test_names_are_octets_and_a_kelvin_sign_is_no_k() -> None:
    octets = f"witness K {VKEY}\nwitness \u212a {OTHER}\n".encode() + b"quorum \xe2\x84\xaa\n"
    policy = Policy.parse(octets)
    assert policy.to_bytes() == octets
    assert not policy.is_quorum(["K"])
    raw = f"witness K {VKEY}\n".encode() + b"group \xff\xc3 1 K\nquorum \xff\xc3\n"
    assert Policy.parse(raw).to_bytes() == raw


words = st.text(
    st.characters(min_codepoint=0x21, exclude_categories=["Cs"], exclude_characters="\x7f"),
    min_size=1,
    max_size=8,
)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    url = st.none() | words
    logs = tuple(PolicyLog(LOG.vkey, draw(url)) for _ in range(draw(st.integers(0, 1))))
    fresh = words.filter(lambda word: word != "none")
    names = draw(st.lists(fresh, max_size=10, unique=True))
    witnesses = tuple(
        PolicyWitness(name, one.vkey, draw(url)) for name, one in zip(names, COSIGNERS.values(), strict=False)
    )
    free = [witness.name for witness in witnesses]
    groups: list[PolicyGroup] = []
    for name in names[len(witnesses) :]:
        members = [free.pop() for _ in range(draw(st.integers(0, len(free))))]
        if members:
            groups.append(PolicyGroup(name, draw(st.integers(1, len(members))), tuple(members)))
            free.append(name)
    defined = [*(one.name for one in witnesses), *(group.name for group in groups), "none"]
    return Policy(logs, witnesses, tuple(groups), draw(st.sampled_from(defined)))


@patiently
@given(policies())
def test_every_policy_is_read_back(policy: Policy) -> None:
    assert Policy.parse(policy.to_bytes()) == policy


@pytest.mark.parametrize("word", ["", "a b", "a\n", "\x7f", "\ud800", "\udcc3\udca9"])
def test_a_name_that_no_line_could_carry_is_refused(word: str) -> None:
    with pytest.raises(FormatRefused):
        PolicyWitness(word, COSIGNERS["X1"].vkey)


def test_a_log_is_not_its_own_log_witness() -> None:
    own = Cosigner("w.example", Ed25519PrivateKey.from_private_bytes(b"\7" * 32), lambda: 1)
    with pytest.raises(FormatRefused, match="its own log witness"):
        Policy.parse(f"log {LOG.vkey}\nwitness w {own.vkey}\nquorum w\n".encode())
