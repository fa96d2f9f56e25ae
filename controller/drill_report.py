"""What a rehearsal tells: for people step by step, for programs one JSON object a line.

Rule: every step says what was done; an expectation that failed shows what was found and the Entries since.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from controller.core.effects import Body
from controller.drill_play import Account, Finding, Played
from controller.site_faults import printable

HIDDEN = frozenset({"n", "at", "time", "clock", "policy", "kind", "place", "who", "reason"})
MOST_SHOWN = 40


def lines(account: Account) -> Iterator[str]:
    """A drill as a person reads it."""
    drill = account.drill
    yield f"{drill.title} ({drill.path}, site {drill.plan.name})"
    for played in account.steps:
        yield from _step(account, played)
    findings = [finding for played in account.steps for finding in played.findings]
    met = sum(bool(finding.met) for finding in findings)
    verdict = "met" if account.met else "FAILED"
    yield f"{verdict}: {met} of {len(findings)} expectations, {len(account.steps)} steps"


def _step(account: Account, played: Played) -> Iterator[str]:
    refused = played.answer.reason if played.answer else None
    answer = f", refused: {refused}" if refused else ""
    yield printable(f"{played.step.at / 1000:9.3f} s  {played.step}{answer}")
    for finding in played.findings:
        verdict = "ok    " if finding.met else "FAILED"
        yield printable(f"{'':11}  {verdict}  {finding.expectation}{_found(finding)}")
        if not finding.met:
            yield from _since(account, finding)


def _found(finding: Finding) -> str:
    return "" if finding.met else f": {finding.found}"


def _since(account: Account, finding: Finding) -> Iterator[str]:
    since = account.entries[finding.behind + 1 : finding.last + 1]
    if len(since) > MOST_SHOWN:
        yield f"{'':21}… {len(since) - MOST_SHOWN} Entries before"
    for entry in since[-MOST_SHOWN:]:
        yield printable(f"{'':21}{_entry(entry, account.zero)}")
    if not since:
        yield f"{'':21}no Entry since the last step that expected something"


def _entry(entry: Body, zero: int) -> str:
    """An Entry on one line: its drill time, kind, place, people and reason, then the rest."""
    words = [entry["kind"], entry.get("place"), ", ".join(entry.get("who", ())), entry.get("reason")]
    rest = [f"{key}={json.dumps(value, ensure_ascii=False)}" for key, value in _rest(entry).items()]
    return "  ".join([f"{(entry['at'] - zero) / 1000:9.3f} s", *filter(None, words), *rest])[:200]


def _rest(entry: Body) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key not in HIDDEN and value not in ("", [], None)}


def json_lines(account: Account) -> Iterator[str]:
    """A drill as a program reads it: every step and every Entry, in the order in which they happened."""
    name, told = str(account.drill.path), 0
    for played in account.steps:
        while told <= played.behind:
            yield _json(name, "entry", account.entries[told])
            told += 1
        yield _json(name, "step", _step_body(played))
    for entry in account.entries[told:]:
        yield _json(name, "entry", entry)


def _json(name: str, what: str, body: Body) -> str:
    return json.dumps({"drill": name, "line": what, **body}, ensure_ascii=False)


def _step_body(played: Played) -> Body:
    step, answer = played.step, played.answer
    body: Body = {"step": step.number, "at": step.at / 1000, "do": step.do, "fields": step.told}
    if answer is not None:
        refused = {"refused": str(answer.reason), "need": answer.need}
        body["answer"] = refused if answer.reason else {"accepted": True}
    return body | {"met": played.met, "expect": [_finding_body(finding) for finding in played.findings]}


def _finding_body(finding: Finding) -> Body:
    wanted = finding.expectation
    body: Body = {wanted.word: wanted.value, **wanted.fields}
    if wanted.within_ms is not None:
        body["within"] = wanted.within_ms / 1000
    return {"wanted": body, "met": bool(finding.met), "found": finding.found, "at": finding.at / 1000}
