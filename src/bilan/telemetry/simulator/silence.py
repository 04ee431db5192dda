"""A file in the city folder that silences devices, for tests and tours."""

from __future__ import annotations

from pathlib import Path

from bilan.pack.city import City
from bilan.telemetry.model import Device


def silence_file(city: City) -> Path:
    """Where the silenced devices are listed, one MN or point code a line; ``*`` silences all."""
    return city.data / "fleet" / "silenced.txt"


class Silenced:
    """The devices that must not report, read again when the file changes.

    Parameters:
        path: may be absent.

    Examples:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "silenced.txt"
        >>> silenced = Silenced(path)
        >>> _ = path.write_text("AQ-01  # demonstration")
        >>> silenced.refresh(), Device("A1", point="AQ-01") in silenced, Device("A2", point="AQ-02") in silenced
        (True, True, False)
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = (-1, -1)
        self._names: frozenset[str] = frozenset()

    def refresh(self) -> bool:
        """Read the file when it changed; whether the list is another one now."""
        try:
            status = self._path.stat()
            mark = (status.st_mtime_ns, status.st_size)
            if mark == self._seen:
                return False
            lines = self._path.read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            mark, lines = (0, 0), []
        names = frozenset(name for line in lines if (name := line.partition("#")[0].strip()))
        changed = names != self._names
        self._seen, self._names = mark, names
        return changed

    def __contains__(self, device: Device) -> bool:
        return "*" in self._names or device.mn in self._names or device.point in self._names
