"""What the demo says of cameras and pictures: a line each on the screen, and what an Entry about them means.

Rule: it tells what the controller and its log say; nothing here has looked into a picture.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich.text import Text

from controller.core.sentences import ALARM_SENTENCES, KIND_SENTENCES
from controller.core.unseen import UNSEEN, Unseen
from controller.core.words import Kind
from controller.demo_pictures import newest
from controller.demo_scene import Scene, Words
from hardware.cameras.libraries import REMEDY

CONDITIONS = {"back": "good", None: "unknown"}
"""Conditions that are not shown by their own word."""
Entry = Mapping[str, Any]


def eye_lines(scene: Scene, say: Words) -> list[Text]:
    """Two lines: the cameras, and the newest pictures."""
    cameras, pictures = _cameras(scene, say), _pictures(scene, say)
    for line in (cameras, pictures):
        line.no_wrap, line.overflow = True, "ellipsis"
    return [cameras, pictures]


def _cameras(scene: Scene, say: Words) -> Text:
    line = Text.assemble((f" {say('cameras')}", "bold"))
    if scene.eyes is None:
        return line.append(f"  {say('none')}: {REMEDY}", style="yellow")
    recorder = scene.eyes.get("recorder")
    if not recorder:
        return line.append(f"  {say('unknown')}", style="yellow")
    if recorder["state"] != "well":
        told = "nobody looks: the recorder starts" if recorder["state"] == "gone" else "the recorder loads"
        return line.append(f"  {say(told)}", style="bold red" if recorder["state"] == "gone" else "yellow")
    for one in scene.eyes["cameras"]:
        line.append("  ").append_text(_camera(one, say))
    return line


def _camera(one: Mapping[str, Any], say: Words) -> Text:
    """Its condition, pictures a second, and how far back the pictures reach that are held ready."""
    word = CONDITIONS.get(one["condition"], one["condition"])
    look = "green" if word == "good" else "yellow" if word == "unknown" else "bold red"
    told = say("{fps}/s, {back} s back").format(fps=round(one["fps"] or 0), back=round(one["ring_s"] or 0))
    return Text.assemble(f"{one['camera']} ", (say(word), look), f" {told}")


def _pictures(scene: Scene, say: Words) -> Text:
    line = Text.assemble((f" {say('newest pictures')}", "bold"), "  ")
    shot = newest(scene.entries)
    if shot is None:
        return line.append(say("none"))
    about = f"{event(str(shot.asked['why']), say)}, {shot.asked.get('place', '')}"
    counted = say("{there} of {wanted}").format(there=shot.taken, wanted=len(shot.asked["wanted"]))
    line.append(counted, style="bold red" if not shot.taken else "yellow" if shot.missing else "green")
    if shot.missing:
        about = say("{event}: {why}").format(event=about, why=_reason(shot.missing, say))
    return line.append(f"  {about}")


def event(word: str, say: Words) -> str:
    """The event of a Snapshot in a word, or in a sentence where the language has only that."""
    known = [sentence for kind, sentence in KIND_SENTENCES.items() if kind == word]
    known += [sentence for alarm, sentence in ALARM_SENTENCES.items() if alarm == word]
    return next((say(one) for one in (word, *known) if say(one) != one), word)


def _reason(missing: Sequence[Mapping[str, Any]], say: Words) -> str:
    why = str(missing[0].get("why", ""))
    return say(UNSEEN[Unseen(why)]) if why in set(Unseen) else why


def told(entry: Entry, say: Words) -> str:
    """What an Entry about cameras or pictures says beside its kind; empty for every other."""
    say_it = TOLD.get(str(entry["kind"]))
    return say_it(entry, say) if say_it else ""


def _granted(entry: Entry, say: Words) -> str:
    return say("waits for its pictures") if "awaits_shot" in entry else ""


def _asked(entry: Entry, say: Words) -> str:
    one_only = say("{event}: 1 picture asked for ({cameras})")
    many = say("{event}: {wanted} pictures asked for ({cameras})")
    wanted = len(entry.get("wanted", ()))
    about = {"event": _why(entry, say), "cameras": ", ".join(entry.get("cameras", ()))}
    return (one_only if wanted == 1 else many).format(wanted=wanted, **about)


def _taken(entry: Entry, say: Words) -> str:
    whole = [one for one in entry.get("pictures", ()) if not one["thumbnail"]]
    one_only = say("{event}: 1 picture on disk ({cameras})")
    sentence = one_only if len(whole) == 1 else say("{event}: {there} pictures on disk ({cameras})")
    cameras = ", ".join(sorted({one["camera"] for one in whole}))
    said = sentence.format(there=len(whole), event=_why(entry, say), cameras=cameras)
    if missing := entry.get("missing"):
        said += f"; {len(missing)} {say('missing: {why}').format(why=_reason(missing, say))}"
    return said


def _never(entry: Entry, say: Words) -> str:
    why = _reason(entry.get("missing") or [{"why": entry.get("reason", "")}], say)
    return say("{event}: {why}").format(event=_why(entry, say), why=why)


def _why(entry: Entry, say: Words) -> str:
    return event(str(entry.get("why", "")), say)


def _condition(entry: Entry, say: Words) -> str:
    word = str(entry.get("condition", ""))
    return say(CONDITIONS.get(word, word))


def _looked(entry: Entry, say: Words) -> str:
    told = say("looks at pictures, {which}")
    return told.format(which=entry["filter"]) if entry.get("what") == "picture" else ""


def _meaning(entry: Entry, say: Words) -> str:
    """What the kind means, where its word stands in the cell before."""
    sentence = KIND_SENTENCES[Kind(entry["kind"])]
    return sentence if say(sentence) == sentence else ""


TOLD: Mapping[str, Callable[[Entry, Words], str]] = {
    "granted": _granted,
    "snapshot": _asked,
    "pictures_taken": _taken,
    "no_picture": _never,
    "grant_pictured": _meaning,
    "evidence_read": _looked,
    "camera_fault": _condition,
    "camera_back": _condition,
}
