"""Processes that are killed: many times by `make test-crash`, a few times by `make check`, never by `make test`."""

import os

import pytest

KILLS = int(os.environ.get("CRASH_KILLS", "0"))
AT_LENGTH = KILLS >= 40
"""A run that has the machine to itself, and measures how fast the others take over; else whether they do."""

ON_DEMAND = pytest.mark.skipif(not KILLS, reason="`make check` and `make test-crash` run these")
