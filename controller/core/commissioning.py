"""What is put into service by two people: readers with a key, loops with a measure, the key of the cards.

Rule 1: who is not asked for is not believed: a device that says by itself that it is paired is suspect.
Rule 2: the core sees no key; it knows check values, and what devices say they are.
"""

from __future__ import annotations

from controller.core.effects import Answer, Body, LearnLoops, PairReader
from controller.core.events import Asking, LoopLearned, LoopMoved, PairingFailed, ReaderPaired
from controller.core.inputs import sensor_doubted
from controller.core.legible import LONGEST, legible
from controller.core.proof import KEYED
from controller.core.sentences import NEEDS
from controller.core.turn import Turn
from controller.core.words import AlarmKind, Kind, Reason

PAIRING_MS = 120_000
MOST_LINES = 500
CHECK_DIGITS = 8


def ask_pairing(turn: Turn, ask: Asking) -> None:
    """Give a reader or board a new key, within two minutes; two people."""
    device = str(ask.fields.get("device", ""))
    if device not in turn.plan.pairable:
        turn.deny(Reason.NOT_UNDERSTOOD)
    elif device in turn.state.pairings:
        turn.deny(Reason.NOTHING_TO_DO)
    else:
        until = turn.at + PAIRING_MS
        turn.write(Kind.PAIRING_ASKED, device, [ask.by, ask.second], until=until)
        turn.do(PairReader(device, until))
        turn.accept(until=until)


def paired(turn: Turn, told: ReaderPaired) -> None:
    """A device has its new key."""
    if told.device not in turn.plan.pairable:
        return
    identity = legible(told.identity[:LONGEST])
    if pairing := turn.state.pairings.get(told.device):
        turn.write(Kind.READER_PAIRED, told.device, pairing.by, identity=identity)
        return
    turn.write(Kind.PAIRING_FAILED, told.device, why="nobody asked for it", identity=identity)
    turn.alarm(AlarmKind.DEVICE_SUSPECT, told.device)


def pairing_failed(turn: Turn, told: PairingFailed) -> None:
    """A pairing ended without a new key; what nobody waits for any more has been written down before."""
    if pairing := turn.state.pairings.get(told.device):
        turn.write(Kind.PAIRING_FAILED, told.device, pairing.by, why=legible(told.why[:LONGEST]))


def pairing_ended(turn: Turn, *, device: str, reason: Reason = Reason.TIMEOUT) -> None:
    """Nothing was heard in time, or the controller was restarted."""
    by = turn.state.pairings[device].by
    turn.write(Kind.PAIRING_FAILED, device, by, reason, why=reason.value)


def ask_loops(turn: Turn, ask: Asking) -> None:
    """Take what lines measure now as what they measure at rest; two people."""
    lines = ask.fields.get("lines")
    if not isinstance(lines, list) or not 0 < len(lines) <= MOST_LINES or not _are_loops(turn, lines):
        turn.deny(Reason.NOT_UNDERSTOOD)
        return
    wanted = sorted({*lines})
    turn.write(Kind.LOOPS_ASKED, "", [ask.by, ask.second], lines=wanted)
    turn.do(LearnLoops(tuple(wanted)))
    turn.accept()


def _are_loops(turn: Turn, lines: list[object]) -> bool:
    return all(isinstance(line, str) and line in turn.plan.loops for line in lines)


def learned(turn: Turn, told: LoopLearned) -> None:
    """A line was measured at rest; one that is not at rest is refused, and keeps what it had learned."""
    if told.line not in turn.state.learning:
        return
    if told.ppm < 0:
        turn.write(Kind.REFUSED, told.line, (), Reason.SENSOR_FAULT, asking="learn_loops")
    else:
        by = turn.state.learners.get(told.line, ())
        turn.write(Kind.LOOP_LEARNED, told.line, by, ppm=told.ppm)


def moved(turn: Turn, told: LoopMoved) -> None:
    """A line at rest measures something else: slowly is for the fitter, at once is tamper (behaviour 33).

    A drift is told once, until a guard has taken note of it.
    """
    if told.line not in turn.plan.loops:
        return
    measured: Body = {"ppm": told.ppm, "learned": told.learned_ppm}
    if not told.drift:
        turn.write(Kind.LOOP_STEP, told.line, **measured)
        turn.alarm(AlarmKind.TAMPER, told.line)
        sensor_doubted(turn, told.line)
    elif f"{AlarmKind.LOOP.value}@{told.line}" not in turn.state.alarms:
        turn.write(Kind.LOOP_DRIFT, told.line, **measured)
        turn.alarm(AlarmKind.LOOP, told.line)


def ask_key(turn: Turn, ask: Asking) -> None:
    """Put the key that badges are proved with into force; two people, who say it if it replaces another."""
    check = ask.fields.get("check")
    hexadecimal = isinstance(check, str) and not set(check.upper()) - set("0123456789ABCDEF")
    if not isinstance(check, str) or not hexadecimal or len(check) != CHECK_DIGITS:
        turn.deny(Reason.NOT_UNDERSTOOD)
        return
    check = check.upper()
    if turn.state.site_key not in {"", check} and ask.fields.get("replace") != check:
        dead = sum(b.level in KEYED and not b.blocked for b in turn.state.badges.values())
        told: Body = {"check": check, "in_force": turn.state.site_key, "badges": dead}
        turn.answer = Answer(Reason.OTHER_SITE_KEY, NEEDS[Reason.OTHER_SITE_KEY], told)
        return
    turn.write(Kind.SITE_KEY_SET, "", [ask.by, ask.second], check=check)
    turn.accept()
