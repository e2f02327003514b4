"""A real process: how soon it answers, how it ends, and how other commands go through it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.integration.commands.conftest import CUSTOMERS, FILES, ORDERS

pytestmark = pytest.mark.slow

_DESKSIDE = (sys.executable, "-c", "from server.cli import main; main()")
_PATIENCE_S = 90
_TICKS = os.sysconf("SC_CLK_TCK")


class Process:
    """`deskside serve` in a home of its own."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("DESKSIDE_", "OPENAI_"))},
            "DESKSIDE_HOME": str(self.home),
            "DESKSIDE_KNOWLEDGE": str(folder / "knowledge"),
            "OMP_NUM_THREADS": "1",
        }
        self.seconds_until_it_listened = 0.0
        self.parts_at_first: dict[str, str] = {}
        self._log = (folder / "log").open("w+")
        self._process: subprocess.Popen[bytes] | None = None
        self.address = ""

    def start(self) -> None:
        self._process = subprocess.Popen(
            [*_DESKSIDE, "serve", "--port", "0"], env=self._environment, stderr=self._log, stdout=subprocess.DEVNULL
        )
        self.address = self._wait(self._listening)
        self.seconds_until_it_listened = self._cpu_seconds()
        assert httpx.get(f"{self.address}/healthz", timeout=_PATIENCE_S).json() == {"status": "ok"}
        self.parts_at_first = httpx.get(f"{self.address}/readyz", timeout=_PATIENCE_S).json()["parts"]
        self._wait(self._ready)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*_DESKSIDE, *arguments], env=self._environment, capture_output=True, text=True, timeout=_PATIENCE_S
        )

    def stop(self) -> int:
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(_PATIENCE_S)

    def log(self) -> str:
        self._log.seek(0)
        return self._log.read()

    def kill(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def _wait(self, there) -> str:
        deadline = time.monotonic() + _PATIENCE_S
        while time.monotonic() < deadline:
            assert self._process is not None
            assert self._process.poll() is None, self.log()
            found = there()
            if found:
                return found
            time.sleep(0.02)
        raise AssertionError(self.log())

    def _listening(self) -> str:
        said = [line for line in self.log().splitlines() if line.startswith("Deskside listens on ")]
        return said[0].rsplit(" ", 1)[1] if said else ""

    def _ready(self) -> str:
        return "ready" if httpx.get(f"{self.address}/readyz", timeout=_PATIENCE_S).is_success else ""

    def _cpu_seconds(self) -> float:
        """What it has worked, whatever else the machine does."""
        assert self._process is not None
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("serving")
    for name, text in FILES.items():
        (folder / "knowledge" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "knowledge" / name).write_text(text, encoding="utf-8")
    (folder / "shop").mkdir()
    for name, rows in (("customers", CUSTOMERS), ("orders", ORDERS)):
        (folder / "shop" / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def process(folder: Path) -> Iterator[Process]:
    process = Process(folder)
    process.start()
    yield process
    process.kill()


def test_it_answers_before_it_is_ready(process):
    assert set(process.parts_at_first.values()) == {"starting"}
    assert process.seconds_until_it_listened < 2


def test_every_command_goes_through_it_and_the_folder_is_opened_once(process, folder):
    assert process.run("import", str(folder / "shop")).returncode == 0
    question = ("draft", "--channel", "x", "--handle", "ada", "--text", "how long do I have to return it?", "--json")
    drafted = process.run(*question)
    assert drafted.returncode == 0, drafted.stderr
    assert "45 days" in json.loads(drafted.stdout)["public_text"]
    [hit, *_] = json.loads(process.run("knowledge", "search", "can I return a worn tent", "--json").stdout)
    assert hit["document"] == "returns"
    indexed = process.run("knowledge", "index")
    assert indexed.returncode == 0, indexed.stderr
    refused = process.run("serve", "--port", "0")
    assert refused.returncode == 1
    assert "is held by process" in refused.stderr


def test_it_tells_the_doctor_how_it_is(process):
    told = process.run("doctor").stdout
    assert "held by the serving process" in told
    assert "nobody else on this machine can read them" in told
    assert (process.home / "serving.json").stat().st_mode & 0o077 == 0


def test_answers_on_an_open_connection_leave_at_once(process):
    """Held back until the one before was acknowledged, each would take 40 ms, however quick the machine."""
    took = []
    with httpx.Client(base_url=process.address, trust_env=False, timeout=_PATIENCE_S) as client:
        for _ in range(60):
            began = time.perf_counter()
            client.get("/healthz")
            took.append(time.perf_counter() - began)
    assert min(took[30:]) < 0.035


def test_only_who_can_read_the_home_is_answered_about_the_index(process):
    for headers in ({}, {"Authorization": "Bearer x"}):
        answer = httpx.post(f"{process.address}/local/index/update", json={"knowledge": "/"}, headers=headers)
        assert answer.status_code == 401


def test_it_stops_cleanly_when_it_is_told_to(process):
    with httpx.stream("GET", f"{process.address}/healthz") as answer:
        assert answer.status_code == 200
    assert process.stop() == 0
    assert not (process.home / "serving.json").exists()
    assert "Traceback" not in process.log()
    assert process.run("knowledge", "index").returncode == 0  # the folder is free again
