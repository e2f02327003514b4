"""How long `deskside serve` takes until it listens, and until it is ready, in a home that has been served before.

`python -m tests.benchmarks.starting` prints seconds as JSON, in the home that DESKSIDE_HOME names, with the processor
time that was used until then.
"""

import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import httpx

from server.settings import Settings
from tests.benchmarks.serving import wait_until
from tests.fixtures.programs import DESKSIDE, Program, free_port

STARTS = 5


def measure(home: Path) -> dict[str, float]:
    """Medians over several starts."""
    starts = [_start(home) for _ in range(STARTS + 1)][1:]  # the first reads the files from the disk
    return {name: round(statistics.median(start[name] for start in starts), 2) for name in starts[0]}


def _start(home: Path) -> dict[str, float]:
    port = str(free_port())
    with tempfile.TemporaryDirectory() as folder, httpx.Client(trust_env=False) as http:
        program = Program(
            *DESKSIDE,
            *("serve", "--port", port),
            log=Path(folder) / "log",
            environment={"DESKSIDE_HOME": str(home), "OMP_NUM_THREADS": str(os.cpu_count())},
            address=f"http://127.0.0.1:{port}",
        )
        began = time.perf_counter()
        program.start()
        try:
            figures = {}
            for name, path in (("listening", "/healthz"), ("ready", "/readyz")):
                wait_until(program, http, path)
                figures[f"{name}_s"] = time.perf_counter() - began
                figures[f"{name}_processor_s"] = program.processor_s()
        finally:
            program.stop()
    return figures


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(Settings().home), indent=2) + "\n")
