"""Processes that are killed: many times by `make test-crash`, a few times by `make check`, never by `make test`."""

import os

import pytest

KILLS, SEED = int(os.environ.get("CRASH_KILLS", "0")), int(os.environ.get("CRASH_SEED", "1"))
TIMEOUT_S = 900 + 60 * KILLS
AT_LENGTH = KILLS >= 40
"""A run that has the machine to itself and tells how soon others take over; else that they do is enough."""

ON_DEMAND = pytest.mark.skipif(not KILLS, reason="`make check` and `make test-crash` run these")
