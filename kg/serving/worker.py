"""Runs tasks on the graph in a process of its own, which the kernel ends at a limit of time or memory.

A query engine does not always stop by itself: Oxigraph's server goes on with a cross join long after its
limit of time, and a thread cannot be stopped. A process can. It reads one task a line (JSON) from its
standard input and writes, for each, a line (JSON: ``status``, ``type``, ``size``) and so many bytes to its
standard output.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import signal
import sys
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO

from kg.errors import KgError, StoreError
from kg.serving import tasks
from kg.serving.refusals import RefusedError, too_hungry

MEMORY = 2048
"""Megabytes that a worker may take for a task, besides what it needs for itself."""

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_NEW_NETWORK = 0x40000000  # CLONE_NEWNET
_NEW_USER = 0x10000000  # CLONE_NEWUSER


def main(arguments: list[str]) -> None:
    """Serve tasks until the standard input ends.

    ``arguments``: the folder of the graph, that of an older build or "", the limits of time (seconds) and of
    answers (bytes), and the process that this one shall not outlive.
    """
    folder, older, seconds, size, parent = arguments
    _leave_with(int(parent))
    _leave_the_network()
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # which ends the process, whatever it is doing
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    sys.stdout = sys.stderr  # nothing but answers may come between answers
    _limit_memory()
    graph = tasks.Graph(Path(folder), Path(older) if older else None, int(size))
    for line in sys.stdin.buffer:
        signal.setitimer(signal.ITIMER_REAL, float(seconds))
        _answer(graph, line, answers)


def _answer(graph: tasks.Graph, line: bytes, answers: BinaryIO) -> None:
    try:
        reply = tasks.run(graph, json.loads(line))
        status, kind, body = HTTPStatus.OK, reply.type, reply.body
    except RefusedError as error:
        status, kind, body = error.status, "error", str(error).encode()
    except MemoryError:
        refusal = too_hungry(MEMORY)
        status, kind, body = refusal.status, "error", str(refusal).encode()
    except StoreError as error:
        status, kind, body = HTTPStatus.SERVICE_UNAVAILABLE, "error", str(error).encode()
    except KgError as error:
        status, kind, body = HTTPStatus.BAD_REQUEST, "error", str(error).encode()
    signal.setitimer(signal.ITIMER_REAL, 0)  # the time in which a client takes the answer is not the query's
    head = {"status": status, "type": kind, "size": len(body)}
    answers.write(json.dumps(head).encode() + b"\n" + body)
    answers.flush()


def _leave_with(parent: int) -> None:
    """End when the server does, even if it is killed: by the kernel on Linux; else the input ends."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit()


def _leave_the_network() -> None:
    """Enter an empty network where the kernel lets us: a second wall behind the refusal of SERVICE."""
    with contextlib.suppress(AttributeError, OSError):
        library = ctypes.CDLL(None)
        if library.unshare(_NEW_NETWORK):
            library.unshare(_NEW_USER | _NEW_NETWORK)


def _limit_memory() -> None:
    with contextlib.suppress(OSError, ValueError):
        taken = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        limit = taken + MEMORY * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


if __name__ == "__main__":
    main(sys.argv[1:])
