"""The sample room: peers on every wire, a controller of its own process, and figures that walk about.

Rule 1: the controller is the production one; it learns everything through its wires and its gate.
Rule 2: what a door or bolt does here follows from what the controller commands, as iron would.
Rule 3: without the libraries that cameras need it is the same room without eyes, and says so.
"""

from __future__ import annotations

from contextlib import ExitStack, suppress
from pathlib import Path

from controller import config
from controller.child import Child
from controller.demo_badges import DemoBadges
from controller.demo_cameras import DemoCameras
from controller.demo_console import DemoConsole
from controller.demo_figures import DOORS, Figures
from controller.demo_people import DESK, PEOPLE, PROVING
from controller.demo_pictures import TAKEN, DemoPictures, newest
from controller.demo_recorder import DemoRecorder
from controller.demo_scene import Scene
from controller.demo_site import SITE, WALL, demo_site
from controller.demo_witness import DemoWitness
from controller.demo_words import Translator
from controller.gate_client import Told
from controller.ledger.log_key import begin_key
from controller.ledger.private import make_folder
from controller.ledger.reading import LogReader
from firmware_shims.bench import Bench
from hardware.cameras.libraries import lacking
from hardware.signals import Level

MONDAY_NINE_MS = 1_772_413_200_000  # 2026-03-02T09:00 in Shanghai: within duty hours
SHOWN = 200


class DemoRoom:
    """Everything the demo can do to the room, by name; ``console``: origin of a foreign one.

    ``kind``: how its controller is started.
    """

    def __init__(
        self, folder: Path, say: Translator, console: str = "", *, kind: type[Child] = Child
    ) -> None:
        plain = config.load(config.builtin(SITE))
        make_folder(folder / "data")
        log = begin_key(folder / "data", plain.log.origin).vkey
        with ExitStack() as stack:
            self.witness = DemoWitness(folder / "second box", log)
            stack.callback(self.witness.stop)
            site = demo_site(plain, self.witness.table, eyes=not lacking())
            self.cameras = DemoCameras(site.cameras, site.text) if site.cameras else None
            text = site.text
            if self.cameras:
                stack.callback(self.cameras.close)
                text = self.cameras.text(text)
            self.bench = Bench(text, site.addresses, folder, data=folder / "data", wall_ms=MONDAY_NINE_MS)
            stack.callback(self.bench.stop)
            self.console = DemoConsole(self.bench.data, console)
            self.child = kind(
                self.bench.site, self.bench.data, self.bench.environment(), more=self.console.options
            )
            stack.callback(self.child.stop)
            stack.callback(self.console.stop)
            self.recorder = DemoRecorder(self.bench.data / "eyes.sock", folder / "recorder")
            stack.callback(self.recorder.stop)
            self.pictures = DemoPictures(self.bench.data, folder)
            stack.callback(self.pictures.stop)
            self._stack = stack.pop_all()
        worn = {p: self.bench.token(given["badges"][0]) for p, given in PEOPLE.items() if "badges" in given}
        self.badges = DemoBadges(self.bench, self.child, worn, PROVING)
        self._worn = worn
        self.figures = Figures(PEOPLE, self.cameras)
        names = {p: say(str(given["name"])) for p, given in (PEOPLE | DESK).items()}
        self.scene = Scene(names, self.figures.places, marks={"sun": say("expired"), "anna": say("visitor")})
        self.scene.zone = site.plan.zone
        self.scene.eyes = {} if self.cameras else None
        self.signs_in = ""  # whose way into the console was told last
        self._cut = False
        self._bolts: dict[str, bool] = {}

    def open(self) -> None:
        """Switch recorder and controller on and enrol the sample people."""
        if self.cameras:
            self.recorder.start()  # it loads while the controller does
        self.child.start()
        people = {
            name: {**given, "badges": [self._worn[name]] if name in self._worn else []}
            for name, given in (PEOPLE | DESK).items()
        }
        self.child.ask("found", people=people)
        self.badges.begin()
        self.console.start()
        self.child.ask("read_evidence", what="show", filter="demo")  # what follows shows the newest Entries

    def close(self) -> None:
        """Switch everything off."""
        self._stack.close()

    def badge(self, reader: str) -> None:
        """Hold the chosen person's badge before a reader."""
        person = self.scene.chosen
        self.badges.show(person, reader)
        self.figures.goes(person, reader)

    def copied(self, reader: str = "outer.in") -> None:
        """Somebody holds a copy of the chosen person's badge before a reader."""
        self.badges.copy(self.scene.chosen, reader)

    def push(self, door: str) -> bool:
        """Open a door that is commanded free; tells whether it gave way."""
        free = self.bench.lock(door)
        if free:
            self._ajar(door, ajar=True)
        return free

    def force(self, door: str) -> None:
        """Open a door whatever is commanded."""
        self._ajar(door, ajar=True)

    def shut(self, door: str) -> None:
        """Shut a door; whoever was let through is on the other side."""
        self._ajar(door, ajar=False)
        self.figures.arrive(door)

    def _ajar(self, door: str, *, ajar: bool) -> None:
        self.scene.ajar[door] = ajar
        self._level(f"{door}.contact", Level.ACTIVE if ajar else Level.NORMAL)
        if ajar:
            self.figures.walk(door)

    def _level(self, line: str, level: Level) -> None:
        """Bring an input to a level, and let the pictures follow."""
        self.bench.level(line, level)
        if self.cameras:
            with suppress(OSError):
                self.cameras.level(line, level)

    def cover(self) -> None:
        """Cover the camera before the door, or uncover it."""
        if self.cameras:
            with suppress(OSError):
                self.cameras.cover()

    def kill_recorder(self) -> bool:
        """Kill the process that looks through the cameras; whether it was there."""
        recorder = (self.scene.eyes or {}).get("recorder") or {}
        return self.recorder.kill_worker(recorder.get("pid"))

    def look(self) -> int | None:
        """Begin to open the newest pictures; the Entry that asked for them, None when there are none."""
        shot = newest(self.scene.entries, {TAKEN})
        if shot is None:
            return None
        if not self.pictures.busy:
            self.pictures.begin(shot.asked["n"])
        return int(shot.asked["n"])

    def take(self, compartment: str) -> Told:
        """Ask for a compartment as the chosen person; gives the answer."""
        return self.child.ask("open_compartment", self.scene.chosen, compartment=compartment)

    def box(self, compartment: str, *, ajar: bool) -> bool:
        """Open or shut a compartment, if its lock lets it; tells whether it did."""
        gives = not ajar or self.bench.lock(compartment)
        if gives:
            self._level(f"{compartment}.contact", Level.ACTIVE if ajar else Level.NORMAL)
        return gives

    def window(self) -> None:
        """Open the window, or shut it."""
        is_open = not self.scene.ajar.get("north", False)
        self.scene.ajar["north"] = is_open
        self._wire()

    @property
    def is_cut(self) -> bool:
        """Whether the window's wire is cut."""
        return self._cut

    def cut(self) -> None:
        """Cut the window's wire, or mend it."""
        self._cut = not self._cut
        self._wire()

    def _wire(self) -> None:
        """What the window's wire measures: a cut one says nothing of the window."""
        shown = Level.ACTIVE if self.scene.ajar.get("north", False) else Level.NORMAL
        self._level("north.contact", Level.CUT if self._cut else shown)

    def plug(self) -> None:
        """Pull the controller's plug, or put it back."""
        if self.child.running:
            self.child.kill()
        else:
            self.child.start()

    def note(self, person: str = "zhao") -> None:
        """A guard takes note of every alarm."""
        for alarm in self.scene.view.get("alarms", ()):
            self.child.ask(
                "acknowledge", person, alarm=alarm["alarm"], place=alarm["place"], reason="looked at"
            )

    def recount(self) -> Told:
        """Two people count who is inside; gives the answer."""
        inside = [p for p, place in self.figures.places.items() if place == "vault"]
        return self.child.ask("recount", "zhao", "chen", room="vault", inside=inside)

    def follow(self) -> None:
        """Let the bolts follow what is commanded, and look at the room."""
        for door in DOORS:
            free = self.bench.lock(door) or self.scene.ajar.get(door, False)
            if self._bolts.get(door, False) != free:
                self._bolts[door] = free
                self.bench.level(f"{door}.bolt", Level.ACTIVE if free else Level.NORMAL)
        self.scene.running = self.child.running
        self.scene.wall = self.bench.readers.panels[WALL].shows
        if view := self.child.look():
            self.scene.view = view
            self.badges.follow(view)
        if self.cameras:
            self.scene.eyes = self.child.tell({"look": "eyes"})
        with LogReader(self.bench.data / "custody.db") as reader:
            newest = list(reader.entries(newest_first=True, limit=SHOWN))
        self.scene.entries = newest[::-1]
