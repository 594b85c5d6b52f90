"""Starts Spark, quietly, and says what is missing where it does not start."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from kg.errors import EngineError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_Value = TypeVar("_Value")

_LOCAL = {
    # One machine needs no name in a network, and no page about itself.
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
}
_ALWAYS = {
    "spark.app.name": "kg build",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    # A document is a row, and rows are large.
    "spark.sql.execution.arrow.maxRecordsPerBatch": "20000",
}
_PYTHON = re.compile(r"^(?:kg\.errors\.\w+|\w*Error): (.+)$", re.MULTILINE)
_NO_PACKAGE = re.compile(r"No module named '(kg|pyarrow|lxml|ahocorasick_rs)\b")
_POLL = 0.5  # seconds between two looks at how far executors have come


def require() -> None:
    """See that Spark could be started.

    Raises:
        EngineError: PySpark or Java is missing.

    """
    if importlib.util.find_spec("pyspark") is None:
        raise EngineError("--engine spark: PySpark is not installed; run: pip install 'govkg[spark]'")
    home = os.environ.get("JAVA_HOME")
    if home and not (Path(home) / "bin" / "java").exists():
        raise EngineError(
            f"--engine spark: there is no Java in JAVA_HOME ({home}); correct it, or install Java 17 or newer"
        )
    if not home and shutil.which("java") is None:
        raise EngineError(
            "--engine spark: Java is not installed; install Java 17 or newer "
            "(Debian: apt-get install default-jre-headless) or set JAVA_HOME"
        )


@contextlib.contextmanager
def started(master: str | None) -> Iterator[SparkSession]:
    """Yield a session of Spark: the present one of this process if there is one, else one of its own.

    ``master`` is where to run; by default what spark-submit or spark-defaults.conf say, else this machine.
    What Java prints goes to a file that is kept where something failed.

    Raises:
        EngineError: Spark does not start, or fails.

    """
    require()
    from pyspark.sql import SparkSession  # noqa: PLC0415 - optional, and heavy

    present = SparkSession.getActiveSession()
    if present is not None:
        yield present
        return
    with tempfile.NamedTemporaryFile("r", prefix="kg-spark-", suffix=".log", delete=False) as log:
        try:
            session = _start(master, log.name)
        except EngineError:
            raise
        except Exception as error:  # whatever Java or the cluster's manager say
            raise EngineError(f"Spark does not start ({_first(error)}); {log.name} tells more") from error
        try:
            yield session
        except EngineError as error:
            raise EngineError(f"{error} (Spark's own words are in {log.name})") from error
        else:
            Path(log.name).unlink(missing_ok=True)
        finally:
            session.stop()


def _start(master: str | None, log: str) -> SparkSession:
    from pyspark.sql import SparkSession  # noqa: PLC0415

    # Executors on this machine run this Python; a cluster's is named by PYSPARK_PYTHON.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder
    named = master or os.environ.get("MASTER")
    if named:
        builder = builder.master(named)
    elsewhere = any(os.environ.get(name) for name in ("SPARK_CONF_DIR", "SPARK_HOME", "PYSPARK_SUBMIT_ARGS"))
    local = named.startswith("local") if named else not elsewhere
    for name, value in {**_ALWAYS, **(_LOCAL if local else {})}.items():
        builder = builder.config(name, value)
    with _errors_to(log):
        return builder.getOrCreate()


@contextlib.contextmanager
def _errors_to(log: str) -> Iterator[None]:
    """Have what is started now write its stderr to a file; this process's own is as before afterwards."""
    sys.stderr.flush()
    own = os.dup(2)
    try:
        with Path(log).open("ab") as stream:
            os.dup2(stream.fileno(), 2)
        yield
    finally:
        os.dup2(own, 2)
        os.close(own)


def run(
    session: SparkSession, action: Callable[[], _Value], watch: Callable[[], None] | None = None
) -> _Value:
    """Return what an action of Spark returns; ``watch`` is called now and then while it runs.

    Raises:
        EngineError: it failed; the error tells what executors said.

    """
    from pyspark import InheritableThread  # noqa: PLC0415

    done = threading.Event()
    results: list[_Value] = []
    failures: list[BaseException] = []

    def work() -> None:
        try:
            results.append(action())
        except BaseException as error:  # told where the build can be stopped
            failures.append(error)
        finally:
            done.set()

    thread = InheritableThread(target=work, daemon=True)
    thread.start()
    try:
        while not done.wait(_POLL):
            if watch is not None:
                watch()
    except BaseException:  # the user interrupts
        session.sparkContext.cancelAllJobs()
        raise
    thread.join()
    if failures:
        raise _told(failures[0]) from failures[0]
    return results[0]


def _told(error: BaseException) -> EngineError:
    """Return what went wrong in executors, without the ways through Java and back."""
    text = str(error)
    missing = _NO_PACKAGE.search(text)
    if missing:
        return EngineError(
            f"the executors' Python has no {missing[1]}; give them the package, as docs/spark.md tells"
        )
    found = _PYTHON.findall(text)
    return EngineError(found[-1] if found else f"the build failed on Spark ({_first(error)})")


def _first(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0][:300] if lines else type(error).__name__
