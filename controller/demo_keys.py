"""The demo's keys: what each does to the room, and the sentence that says so.

Rule: every key says in one sentence what it did, or why nothing happened.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from controller.core.sentences import NEEDS
from controller.core.words import Reason
from controller.demo_people import PEOPLE
from controller.demo_pictures import Opened
from controller.demo_room import DemoRoom
from controller.demo_words import Translator
from hardware.cameras.libraries import REMEDY

Soon = Callable[[Callable[[DemoRoom], object]], None]
Key = Callable[[DemoRoom, Translator], str]

BADGES = {"a": "outer.in", "s": "main.in", "d": "main.out", "f": "c1", "g": "outer.out"}
BOXES = {"z": "c1.a", "x": "c1.b", "c": "c1.c", "v": "c1.d"}
WALKS = {"o": "outer", "p": "main"}
TITLES = {"outer": "outer door", "main": "vault door"}
MADE = {
    "begun": "The desk makes a badge for {name}; it counts once it has proved itself.",
    "waits": "A badge for {name} is being made already; nothing more to do.",
    "has": "{name} has a badge that proves itself; no other is made.",
    "off": "The controller is off, so no badge is made; u switches it on.",
}
OFF = "The controller is off: it hears nothing; u switches it on."


def press(room: DemoRoom, say: Translator, soon: Soon, key: str) -> str:
    """Carry out a key; gives the sentence. ``soon`` does something to the room a moment later."""
    if key in "123456789" and int(key) <= len(PEOPLE):
        room.scene.chosen = list(PEOPLE)[int(key) - 1]
        return say("{name} is chosen.").format(name=_name(room))
    if key in BADGES:
        return _badge(room, say, BADGES[key])
    if key in WALKS:
        return _walk(room, say, soon, WALKS[key])
    if key in BOXES:
        return _box(room, say, soon, BOXES[key])
    if key in OTHERS:
        return OTHERS[key](room, say)
    return say("That key does nothing; below are those that do.")


def _name(room: DemoRoom) -> str:
    return room.scene.names[room.scene.chosen]


def _badge(room: DemoRoom, say: Translator, reader: str) -> str:
    if not room.child.running:
        return say(OFF)
    room.badge(reader)
    if not room.badges.carries(room.scene.chosen):
        return say("{name}'s badge is still being made; it is shown once it is ready.").format(
            name=_name(room)
        )
    told = say("{name} holds a badge before {reader}; the log says what came of it.")
    return told.format(name=_name(room), reader=reader)


def _walk(room: DemoRoom, say: Translator, soon: Soon, door: str) -> str:
    title = say(TITLES[door])
    if room.push(door):
        soon(lambda room: room.shut(door))
        return say("The {door} gives way and falls shut again.").format(door=title)
    if room.scene.ajar.get(door):
        room.shut(door)
        return say("The {door} is shut.").format(door=title)
    return say("The {door} is locked: a badge that is granted comes first.").format(door=title)


def _box(room: DemoRoom, say: Translator, soon: Soon, box: str) -> str:
    short = box.rpartition(".")[2]
    if room.bench.lock(box):
        room.box(box, ajar=True)
        soon(lambda room: room.box(box, ajar=False))
        return say("Compartment {box} is opened and shut again.").format(box=short)
    if need := _need(room.take(box), say):
        return say("Compartment {box} stays locked. Needed: {need}.").format(box=short, need=need)
    told = say("{name} asks for compartment {box}; a second badge at c1 opens it.")
    return told.format(name=_name(room), box=short)


def _need(answer: Mapping[str, Any], say: Translator) -> str:
    """What would have satisfied a refusal; empty when there was none."""
    if "refused" not in answer:
        return ""
    reason = str(answer["refused"])
    need = NEEDS[Reason(reason)] if reason in set(Reason) else str(answer.get("need", reason))
    return say(need)


def _make(room: DemoRoom, say: Translator) -> str:
    return say(MADE[room.badges.make(room.scene.chosen)]).format(name=_name(room))


def came_of(room: DemoRoom, say: Translator, person: str, answer: Mapping[str, Any]) -> str:
    """What became of a badge that was asked for, in a sentence."""
    name = room.scene.names[person]
    if need := _need(answer, say):
        return say("No badge for {name}. Needed: {need}.").format(name=name, need=need)
    return say("{name} has a new badge that proves itself.").format(name=name)


def _copied(room: DemoRoom, say: Translator) -> str:
    if not room.child.running:
        return say(OFF)
    if not room.badges.carries(room.scene.chosen):
        return say("{name} has no badge yet whose number could be copied.").format(name=_name(room))
    room.copied()
    if room.badges.proves(room.scene.chosen):
        told = say("Another card shows the number of {name}'s badge at outer.in; it cannot prove itself.")
    else:
        told = say(
            "A copy of {name}'s legacy card at outer.in: nobody can tell it from the card; b mends that."
        )
    return told.format(name=_name(room))


def _force(room: DemoRoom, say: Translator) -> str:
    if room.scene.ajar.get("main"):
        room.shut("main")
        return say("The {door} is shut.").format(door=say(TITLES["main"]))
    granted = room.bench.lock("main")
    room.force("main")
    if granted:
        return say("The vault door was unlocked: pushing it is no break-in.")
    return say("Somebody breaks the vault door open; h again shuts it.")


def _window(room: DemoRoom, say: Translator) -> str:
    room.window()
    if room.is_cut:
        return say("The window moves, but its wire is cut: nobody can hear it; k mends the wire.")
    is_open = room.scene.ajar.get("north")
    return say("The iron window is opened; w shuts it.") if is_open else say("The iron window is shut.")


def _cut(room: DemoRoom, say: Translator) -> str:
    room.cut()
    if room.is_cut:
        return say("The window's wire is cut: that is tamper, and not an open window; k mends it.")
    return say("The window's wire is mended; the alarm stays until a guard takes note with n.")


def _plug(room: DemoRoom, say: Translator) -> str:
    room.plug()
    if room.child.running:
        return say("The controller is back; it remembers who is inside.")
    return say("The plug is pulled: bolts stay locked; u puts it back.")


def _note(room: DemoRoom, say: Translator) -> str:
    if not room.child.running:
        return say(OFF)
    if not room.scene.view.get("alarms"):
        return say("There is no alarm to take note of.")
    room.note()
    return say("Zhao Lei, the guard, takes note of every alarm; one whose cause lasts stays.")


def _recount(room: DemoRoom, say: Translator) -> str:
    if need := _need(room.recount(), say):
        return say("Nothing was counted. Needed: {need}.").format(need=need)
    return say("Zhao Lei and Chen Jing counted who is inside; that count holds from now on.")


def _blind(say: Translator) -> str:
    return say("This demo has no cameras; they come with {remedy}.").format(remedy=REMEDY)


def _cover(room: DemoRoom, say: Translator) -> str:
    if not room.cameras:
        return _blind(say)
    room.cover()
    if room.cameras.covered:
        return say(
            "The camera before the vault door is covered: in 3 s an alarm tells the guard; e uncovers it."
        )
    return say(
        "The camera before the vault door sees again; the alarm stays until a guard takes note with n."
    )


def _kill(room: DemoRoom, say: Translator) -> str:
    if not room.cameras:
        return _blind(say)
    if room.kill_recorder():
        return say("The recorder is killed and starts anew by itself; the log says how long nobody looked.")
    return say("The recorder is not there to be killed; it starts by itself.")


def _look(room: DemoRoom, say: Translator) -> str:
    if not room.cameras:
        return _blind(say)
    if not room.child.running:
        return say(OFF)
    n = room.look()
    if n is None:
        return say("There are no pictures yet; a badge that is granted brings some.")
    return say(
        "The pictures of entry {n} are being opened; that somebody looks is written down first."
    ).format(n=n)


def opened(say: Translator, found: Opened) -> str:
    """What became of pictures that were to be opened, in a sentence."""
    told = say("{there} of {wanted} pictures of entry {n} lie opened in {folder} until the demo ends.")
    return told.format(there=found.there, wanted=found.wanted, n=found.n, folder=found.folder)


def _sign_in(room: DemoRoom, say: Translator) -> str:
    """Another person's way into the console, with a code that counts for half a minute."""
    phones = room.console.phones
    if not room.child.running:
        return say(OFF)
    if not phones:
        return say("The console at {origin} is still being set up.").format(origin=room.console.origin)
    everybody = list(phones)
    room.signs_in = everybody[(everybody.index(room.signs_in) + 1) % len(phones) if room.signs_in else 0]
    phone, wall = phones[room.signs_in], int(room.scene.view.get("wall_ms", 0))
    return say("{origin} number {person} password {password} code {code} ({name}); l: the next one.").format(
        origin=room.console.origin,
        person=room.signs_in,
        password=phone.password,
        code=phone.code(wall),
        name=room.scene.names[room.signs_in],
    )


def _passkey(room: DemoRoom, say: Translator) -> str:
    """A code of the box, with which a browser makes a passkey."""
    if not room.child.running:
        return say(OFF)
    person = room.signs_in or "chen"
    if not (code := room.console.box_code(person)):
        return say("No code was made: two chiefs have passkeys, and sign for others at the console.")
    return say("{origin}/set-up number {person} code {code}: your browser makes a passkey.").format(
        origin=room.console.origin, person=person, code=code
    )


OTHERS: dict[str, Key] = {
    "l": _sign_in,
    "m": _passkey,
    "h": _force,
    "y": _copied,
    "b": _make,
    "w": _window,
    "k": _cut,
    "u": _plug,
    "n": _note,
    "r": _recount,
    "e": _cover,
    "j": _kill,
    "i": _look,
}
