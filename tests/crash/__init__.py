"""Processes that are killed."""

import os

import pytest

ON_DEMAND = pytest.mark.skipif("CRASH_KILLS" not in os.environ, reason="`make test-crash` runs these")
