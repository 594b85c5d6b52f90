"""Say clearly when Python is too old, before pip fails on something else."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - run by whatever python3 is
    found = sys.version.split()[0]
    sys.exit(f"govkg needs Python 3.11 or newer, this is {found}: make PYTHON=python3.11 run")
