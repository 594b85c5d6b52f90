"""Starts ``kg serve`` as its users do, in a process of its own on a free port."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]


class Server:
    """A running ``kg serve``: its address, a client, its process."""

    def __init__(self, folder: Path, *options: str) -> None:
        command = [
            sys.executable,
            "-m",
            "kg",
            "serve",
            "-g",
            str(folder),
            "--port",
            "0",
            "--no-open",
            *options,
        ]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        self.folder = folder
        self.process = subprocess.Popen(
            command, stderr=subprocess.PIPE, text=True, encoding="utf-8", env=environment
        )
        assert self.process.stderr
        self.said = self.process.stderr.readline()
        found = re.search(r" at (http://[^ ]+)/ ", self.said)
        assert found, self.said + self.process.stderr.read()
        self.address = found[1]
        self.client = httpx.Client(base_url=self.address, timeout=30, trust_env=False)

    def get(self, path: str, **parameters: str) -> httpx.Response:
        return self.client.get(path, params=parameters or None)

    def sparql(self, query: str, accept: str = "application/sparql-results+json") -> httpx.Response:
        return self.client.get("/sparql", params={"query": query}, headers={"Accept": accept})

    def workers(self) -> set[int]:
        """Return the processes of the server."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(
            encoding="ascii"
        )
        return set(map(int, listed.split()))

    def stop(self) -> None:
        self.client.close()
        self.process.kill()
        self.process.wait()
        if self.process.stderr:
            self.process.stderr.close()
