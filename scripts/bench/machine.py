"""Where figures were taken: the machine, the versions, the commit. No names of machines, users or folders."""

from __future__ import annotations

import datetime
import hashlib
import os
import platform
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

from sections import ROOT

LIBRARIES = (
    "ahocorasick-rs", "daachorse", "jieba", "rjieba", "lxml", "opencc", "pyarrow", "pyoxigraph", "pyspark",
    "rdflib",
)  # fmt: skip


def circumstances() -> dict[str, Any]:
    """Return date, commit, machine and versions."""
    return {
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d"),
        "commit": commit(),
        "machine": machine(),
        "versions": versions(),
    }


def machine() -> dict[str, Any]:
    """Return what the machine is."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count() or 1,
        "memory GB": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "system": _system(),
    }


def versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries that matter here and are there."""
    found = {"python": platform.python_version(), "govkg": compiled()}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def compiled() -> str:
    """Return whether the package that runs is Python's own code or was compiled."""
    import kg.model  # noqa: PLC0415 - the package may be looked at last

    return "pure Python" if str(kg.model.__file__).endswith(".py") else "compiled"


def commit() -> str:
    """Return the commit that was measured, with a + where the package is not as committed."""
    try:
        named = _git("rev-parse", "--short=12", "HEAD")
        return named + ("+" if _git("status", "--porcelain", "--", "kg", "ontology") else "")
    except (OSError, subprocess.CalledProcessError):
        return ""


def package() -> str:
    """Return a digest of the package as it stands: figures are of one version only while it stays."""
    files = sorted(path for name in ("kg", "ontology") for path in (ROOT / name).rglob("*") if path.is_file())
    told = ((str(path), path.stat()) for path in files if "__pycache__" not in path.parts)
    marks = "\n".join(f"{name} {stat.st_size} {stat.st_mtime_ns}" for name, stat in told)
    return hashlib.sha256(marks.encode()).hexdigest()


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _processor() -> str:
    try:
        told = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    except OSError:
        told = None
    return told[1].strip() if told else platform.processor() or platform.machine()


def _system() -> str:
    try:
        return f"{platform.freedesktop_os_release()['PRETTY_NAME']}, Linux {platform.release().split('-')[0]}"
    except (OSError, KeyError):
        return f"{sys.platform} {platform.release()}"
