"""Front-end libraries: installed from the npm lock, copied beside our own files and served by ourselves.

``python -m bilan.web.assets`` does it and compiles the translations; a second run finds everything in place and does nothing.
``assets.csv`` says which files are taken from which package.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from bilan.problems import BilanError, Problem
from bilan.web import messages

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
BUILD = ROOT / ".build"
VENDOR = HERE / "static" / "vendor"
MANIFEST = VENDOR / "manifest.json"
LIST = HERE / "assets.csv"
DESCRIPTIONS = ("package.json", "package-lock.json", ".npmrc")
COMPRESSED = {".mjs", ".js", ".css"}


def wanted() -> list[dict[str, str]]:
    """Rows of ``assets.csv``: package, source inside it, target below ``static/vendor``."""
    with LIST.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def stamp() -> str:
    """What the copied files depend on: the lock and the list."""
    digest = hashlib.sha256()
    for path in (ROOT / "package-lock.json", LIST):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def complete() -> bool:
    """Whether all files are there, unchanged, and made from the lock and the list of today."""
    if not MANIFEST.is_file():
        return False
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return bool(manifest["stamp"] == stamp()) and all(
        (VENDOR / name).is_file() and _digest(VENDOR / name) == digest for name, digest in manifest["files"].items()
    )


def install() -> Path:
    """Install the locked packages into ``.build`` without running any of their scripts, and return the folder they are in.

    Raises:
        BilanError: there is no npm, or it fails.
    """
    modules = BUILD / "node_modules"
    mark = BUILD / "installed"
    now = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    if mark.is_file() and mark.read_text(encoding="ascii") == now:
        return modules
    beside_python = str(Path(sys.executable).parent)
    path = os.pathsep.join((os.environ.get("PATH", ""), beside_python))
    npm = shutil.which("npm", path=path)
    if npm is None:
        raise BilanError(Problem("web.no_npm"))
    BUILD.mkdir(exist_ok=True)
    for name in DESCRIPTIONS:
        shutil.copyfile(ROOT / name, BUILD / name)
    done = subprocess.run([npm, "ci", "--ignore-scripts", "--silent"], cwd=BUILD, env={**os.environ, "PATH": path}, check=False)
    if done.returncode:
        raise BilanError(Problem("web.npm_failed", {"value": done.returncode}))
    mark.write_text(now, encoding="ascii")
    return modules


def copy(modules: Path) -> None:
    """Copy the listed files, with a compressed copy of the large ones and a manifest of their hashes."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    files: dict[str, str] = {}
    for row in wanted():
        source, target = modules / row["package"] / row["source"], VENDOR / row["target"]
        if not source.is_file():
            raise BilanError(Problem("web.asset_missing", {"value": row["source"], "package": row["package"]}))
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        files[row["target"]] = _digest(target)
        if target.suffix in COMPRESSED:
            target.with_name(f"{target.name}.gz").write_bytes(gzip.compress(target.read_bytes(), 9, mtime=0))
    MANIFEST.write_text(json.dumps({"stamp": stamp(), "files": files}, indent=1) + "\n", encoding="utf-8")


def ensure() -> bool:
    """Bring libraries and translations up to date; tell whether libraries had to be copied."""
    stale = (ROOT / "package-lock.json").is_file() and not complete()
    if stale:
        copy(install())
    messages.compile_catalogues()
    return stale


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    try:
        copied = ensure()
    except BilanError as error:
        sys.exit(error.text("en") + " · " + error.text())
    if copied:
        sys.stdout.write("front-end libraries are in place · 前端库已就绪\n")
