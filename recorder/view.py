"""One camera in force: its settings, ring, thread, Snapshots and judge, built together and ended together.

Rule: it is built anew when its settings change, and left alone, with its ring, when they do not.
"""

from __future__ import annotations

from time import monotonic

from hardware.cameras.address import Address
from hardware.cameras.capture import Camera, Patience
from hardware.cameras.jpeg import Limits
from hardware.cameras.ring import Ring
from recorder.judge import Judge
from recorder.messages import CameraHealth, CameraSettings
from recorder.passwords import Password
from recorder.references import References
from recorder.shots import Shots, Store

_LONGEST_RETRY_S = 3.0


class View:
    """Of one camera; raises ValueError, without the address, where that cannot be used."""

    def __init__(
        self,
        name: str,
        settings: CameraSettings,
        limits: Limits,
        ring_bytes: int,
        store: Store,
        references: References,
        password: Password | None,
    ) -> None:
        self.name, self.settings = name, settings
        login = (password.user, password.password) if password else ("", "")
        address = Address.parsed(settings.url, *login)
        patience = Patience(longest_s=_LONGEST_RETRY_S)
        self.ring = Ring(settings.ring_s, ring_bytes, settings.frames_per_second)
        self.camera = Camera(name, address, self.ring, masks=settings.masks, limits=limits, patience=patience)
        self.shots = Shots(self.camera, self.ring, limits, store, masks=bool(settings.masks))
        self.judge = Judge(name, settings, references)
        self.looked_at = 0.0

    def start(self) -> None:
        """Begin."""
        self.shots.start()
        self.camera.start()

    def stop(self) -> None:
        """End; a camera that is stuck in reading ends by itself later, and adds nothing any more."""
        self.shots.stop()
        self.camera.stop(0.0)

    def health(self) -> CameraHealth:
        """For the beat."""
        now, found = monotonic(), self.camera.health()
        return CameraHealth(
            fps=found.per_second,
            age_ms=-1 if found.age_s is None else round(found.age_s * 1_000),
            condition=self.judge.condition,
            ring_bytes=found.ring_bytes,
            ring_s=min(3_600.0, self.ring.reach_s(now)) if found.ring_bytes else 0.0,
            reconnects=found.reconnects,
        )
