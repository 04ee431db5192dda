"""The rules on Spark: a session with the settings that make its answers those of the other engines, and frames in and out by Arrow.

The rules themselves are not here: `air.judge_days`, `water.classify` and the others take a Spark frame as they take a Polars one. Needs the
extra ``bilan[spark]`` and Java 17.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from bilan.problems import BilanError, Problem

MASTER = "BILAN_SPARK_MASTER"
"""Variable of the environment that names the cluster, such as ``spark://10.0.0.5:7077``; this machine's cores without it."""
LOOPBACK = "127.0.0.1"

SETTINGS: Mapping[str, str] = {
    # Readings carry the wall time of their city and no zone; a zone of the session would shift them.
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    # What is not a number or overflows is an error, as on the other engines, and not silently empty.
    "spark.sql.ansi.enabled": "true",
    # Merging projections copies the expressions of a rule into each other until the code made of them passes what Java compiles.
    "spark.sql.optimizer.excludedRules": "org.apache.spark.sql.catalyst.optimizer.CollapseProject",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.ui.showConsoleProgress": "false",
}
"""What a session is given unless told otherwise."""


def session(master: str | None = None, *, name: str = "bilan", settings: Mapping[str, str] | None = None) -> Any:
    """The Spark session of this process, begun on the cluster that is configured.

    Parameters:
        master: address of the cluster's master; else what ``BILAN_SPARK_MASTER`` says, else the cores of this machine.
        name: what the cluster's pages call it.
        settings: Spark settings in addition to `SETTINGS` or in their place.

    Returns:
        A ``pyspark.sql.SparkSession``.

    Raises:
        BilanError: PySpark or Java is not there.
    """
    need_spark()
    from pyspark.sql import SparkSession  # noqa: PLC0415  # an extra, and seconds to import

    address = master or os.environ.get(MASTER) or "local[*]"
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    if address.startswith("local") or LOOPBACK in address:
        os.environ.setdefault("SPARK_LOCAL_IP", LOOPBACK)
    builder = SparkSession.builder.master(address).appName(name)
    for key, value in (_near(address) | dict(SETTINGS) | dict(settings or {})).items():
        builder = builder.config(key, value)
    return builder.getOrCreate()


def need_spark() -> None:
    """Insist on PySpark and Java.

    Raises:
        BilanError: one is not there; the problem names the extra.
    """
    missing = [] if importlib.util.find_spec("pyspark") else ["pyspark"]
    java = shutil.which("java") or (Path(os.environ.get("JAVA_HOME", "")) / "bin" / "java").is_file()
    missing += [] if java else ["java"]
    if missing:
        raise BilanError(Problem("spark.missing", {"value": missing}))


def _near(address: str) -> dict[str, str]:
    """Settings of a driver that talks to nobody outside this machine."""
    if not address.startswith("local") and LOOPBACK not in address:
        return {}
    return {"spark.driver.host": LOOPBACK, "spark.driver.bindAddress": LOOPBACK, "spark.ui.enabled": "false"}


def read(spark: Any, *files: Path | str) -> Any:
    """Parquet files or folders as one Spark frame; the way in for frames of any size.

    Parameters:
        spark: session.
        files: files, folders, or addresses that the cluster's file system knows.
    """
    return spark.read.parquet(*(str(file) for file in files))


def give(spark: Any, frame: pl.DataFrame) -> Any:
    """A small Polars frame as a Spark frame, through Arrow: by way of pandas, missing numbers would become not-a-number.

    Parameters:
        spark: session.
        frame: rows that fit the driver's memory.
    """
    return spark.createDataFrame(frame.to_arrow())


def take(frame: Any) -> pl.DataFrame:
    """The rows of a Spark frame as a Polars frame, through Arrow."""
    found = pl.from_arrow(frame.toArrow())
    return found if isinstance(found, pl.DataFrame) else found.to_frame()
