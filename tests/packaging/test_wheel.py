"""The wheel: whole, and its library works where there is no Django."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from email.message import Message
from email.parser import Parser
from pathlib import Path
from zipfile import ZipFile

import polars as pl
import pytest

from bilan.web import assets

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
PLATFORM_ONLY = (
    "django",
    "ninja",
    "gunicorn",
    "whitenoise",
    "pydantic",
    "psycopg",
    "paho",
    "prometheus_client",
    "uvloop",
    "babel",
    "bilan.web",
)

SCIENCE = """
from datetime import datetime
import polars as pl
from bilan.science import air
hour = {"point": ["a"], "start": [datetime(2026, 3, 1, 8)], "so2": [9], "no2": [41], "co": [0.8], "o3": [64], "pm10": [119], "pm25": [61]}
print(air.judge_hours(pl.DataFrame(hour)).select("aqi", "level", "primary").row(0))
"""
PROTOCOL = """
from bilan.telemetry.hj212 import Packet, build
import sys
sys.stdout.buffer.write(build(Packet(st="31", cn="2011", mn="A1", flag="5", values={"a21026": {"Rtd": "12.5"}})))
"""
STORE = """
from pathlib import Path
from bilan.telemetry.store import Store
home = Path(sys.argv[1])
store = Store.connect(f"sqlite:///{home}/t.sqlite3", lake=home / "lake")
store.migrate()
print(store.catalogue.points())
store.close()
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    assets.ensure()
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (made,) = folder.glob("bilan-*.whl")
    return made


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    with ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return Parser().parsestr(archive.read(name).decode())


@pytest.fixture(scope="module")
def library(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel installed, alone, in a folder of its own."""
    target = tmp_path_factory.mktemp("library")
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-index", "--no-deps", "--no-compile", "--target", target, wheel]
    subprocess.run(command, check=True)
    return target


def test_every_file_of_the_package_is_in_it_and_nothing_else(names):
    ours = {
        path.relative_to(SOURCE).as_posix() for path in (SOURCE / "bilan").rglob("*") if path.is_file() and "__pycache__" not in path.parts
    }
    packed = {name for name in names if ".dist-info/" not in name}
    assert packed == {name for name in ours if not name.endswith((".pyc", "~"))}


@pytest.mark.parametrize(
    "name",
    [
        "bilan/py.typed",
        "bilan/science/standards/tables/air_iaqi.csv",
        "bilan/telemetry/hj212/tables/codes.csv",
        "bilan/telemetry/store/schema/10_core.sql",
        "bilan/pack/quality/air.yaml",
        "bilan/pack/gateway.toml",
        "bilan/demo/districts.csv",
        "bilan/people/migrations/0001_initial.py",
        "bilan/people/templates/people/login.html",
        "bilan/web/templates/base.html",
        "bilan/web/locale/zh_Hans/LC_MESSAGES/django.mo",
        "bilan/web/static/vendor/messages/zh-Hans.mjs",
        "bilan/web/static/vendor/manifest.json",
    ],
)
def test_tables_templates_translations_and_schemas_are_in_it(names, name):
    assert name in names


def test_all_front_end_libraries_are_in_it_with_their_licences(names):
    wanted = assets.wanted()
    assert {f"bilan/web/static/vendor/{row['target']}" for row in wanted} <= names
    for package in {row["target"].split("/")[0] for row in wanted}:
        assert any(re.fullmatch(rf"bilan/web/static/vendor/{package}/LICENSE.*", name) for name in names), package


def test_the_manifest_in_it_tells_the_files_in_it(wheel, names):
    with ZipFile(wheel) as archive:
        manifest = json.loads(archive.read("bilan/web/static/vendor/manifest.json"))
    assert {f"bilan/web/static/vendor/{name}" for name in manifest["files"]} <= names


def test_licence_and_command_are_in_it(wheel, names, metadata):
    assert metadata["License-Expression"] == "Apache-2.0"
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    with ZipFile(wheel) as archive:
        (points,) = (archive.read(name).decode() for name in names if name.endswith("entry_points.txt"))
    assert "bilan = bilan.cli:main" in points


def test_the_library_asks_for_no_web_framework(metadata):
    asked = [line for line in metadata.get_all("Requires-Dist", []) if "extra ==" not in line]
    assert {re.split(r"[^\w-]", line)[0] for line in asked} == {
        "click",
        "cryptography",
        "fastexcel",
        "narwhals",
        "numpy",
        "polars",
        "pyyaml",
        "xlsxwriter",
    }
    assert {"gateway", "platform", "boundaries", "demo"} <= set(metadata.get_all("Provides-Extra", []))


def alone(library: Path, code: str, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run code with the installed library first on the path, where nothing of the platform can be imported."""
    head = f"""
import sys
class Nothing:
    def find_spec(self, name, path=None, target=None):
        if any(f"{{name}}.".startswith(f"{{part}}.") for part in {PLATFORM_ONLY!r}):
            raise ModuleNotFoundError(f"not here: {{name}}", name=name)
sys.meta_path.insert(0, Nothing())
sys.path.insert(0, {str(library)!r})
import bilan
assert bilan.__file__.startswith({str(library)!r}), bilan.__file__
"""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "BILAN", "DJANGO"))}
    command = [sys.executable, "-I", "-c", head + code, *arguments]
    return subprocess.run(command, check=False, input=given, capture_output=True, env=environment, cwd=library)


def test_the_science_judges_without_the_platform(library):
    done = alone(library, SCIENCE)
    assert (done.stdout.decode().strip(), done.stderr.decode()) == ("(101, 3, 'PM2.5')", "")


def test_the_command_decodes_what_the_protocol_built_without_the_platform(library):
    built = alone(library, PROTOCOL)
    assert built.returncode == 0, built.stderr.decode()
    done = alone(library, "import bilan.cli; bilan.cli.main()", "hj212", "decode", "-", given=built.stdout)
    assert done.returncode == 0, done.stderr.decode()
    told = json.loads(done.stdout)
    assert (told["mn"], told["cn"]) == ("A1", "2011")


def test_the_command_judges_a_file_without_the_platform(library, tmp_path):
    file, judged = tmp_path / "hours.csv", tmp_path / "judged.xlsx"
    file.write_text("点位名称,监测时间,SO2,NO2,CO,O3,PM10,PM2.5\n涂山街,2026-03-01 08:00,9,41,0.8,64,119,61\n", encoding="utf-8")
    done = alone(library, "import bilan.cli; bilan.cli.main()", "judge", "air", str(file), "--output", str(judged))
    assert done.returncode == 0, done.stderr.decode()
    assert pl.read_excel(judged)["judged_aqi"].to_list() == [101]


def test_the_store_opens_without_the_platform(library, tmp_path):
    done = alone(library, STORE, str(tmp_path))
    assert (done.stdout.decode().strip(), done.stderr.decode()) == ("[]", "")
