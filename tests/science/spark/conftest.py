"""One cluster and one session for every test of Spark."""

from __future__ import annotations

import importlib.util
import shutil

import pytest

from bilan.science import spark
from tests.science.spark.cluster import Cluster

SMALL = {
    "spark.executor.memory": "512m",
    "spark.executor.cores": "1",
    "spark.sql.shuffle.partitions": "2",
    "spark.default.parallelism": "2",
    # Compiling takes longer than running on so few rows.
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.adaptive.enabled": "false",
    "spark.task.maxFailures": "8",
    "spark.executor.extraJavaOptions": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1",
    "spark.driver.extraJavaOptions": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    if importlib.util.find_spec("pyspark") is None or shutil.which("java") is None:
        pytest.skip("PySpark or Java is not installed: pip install bilan[spark], and Java 17")
    running = Cluster(tmp_path_factory.mktemp("spark"))
    yield running
    running.close()


@pytest.fixture(scope="session")
def session(cluster, tmp_path_factory):
    warehouse = {"spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse"))}
    begun = spark.session(cluster.address, name="tests", settings=SMALL | warehouse)
    begun.sparkContext.setLogLevel("OFF")
    yield begun
    begun.stop()
