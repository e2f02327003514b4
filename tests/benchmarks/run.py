"""All benchmarks, one after the other, as a table and as JSON.

`python -m tests.benchmarks.run [--large] [FILE]`: JSON goes to FILE, or `.deskside/bench.json`. Everything runs in
processes and homes of its own. `--large` adds a shop of 1,000,000 orders, as many entries of transcripts, and an index
of 10,000 passages. Ratios are within one run; other figures mean something only beside others of the same machine while
it does nothing else.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.benchmarks import served_rows, storm_rows

SMALL, LARGE = 2_000, 1_000_000
MANY = 100_000
"""Drafts before which pages are measured, beside the demo's."""
STARTS = 7
SERVED = ("intake", "drafting", "inbox", "actions", "panel", "insights")
"""Benchmarks of a serving process, each on SQLite and on Postgres."""
_DESKSIDE = (sys.executable, "-c", "from server.cli import main; main()")
_POST = ("draft", "--channel", "x", "--handle", "nobody", "--text", "how long do I have to send a tent back?", "--json")

Figures = dict[str, Any]


@dataclass(frozen=True)
class Cost:
    """What a process cost: seconds on the clock and on the processors, and its largest size."""

    wall_s: float
    processor_s: float
    peak_mb: float


def main() -> None:
    """Run them, print the table and write the file."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=Path(".deskside/bench.json"))
    parser.add_argument("--large", action="store_true", help="also at 1,000,000 orders and 10,000 passages")
    asked = parser.parse_args()
    words = Console(stderr=True)
    with tempfile.TemporaryDirectory() as folder:
        figures = _measure(Path(folder), large=asked.large, words=words)
    asked.file.parent.mkdir(parents=True, exist_ok=True)
    asked.file.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    Console().print(_table(figures))
    words.print(f"written to {asked.file}")


def _measure(folder: Path, *, large: bool, words: Console) -> Figures:
    home = folder / "demo"
    figures: Figures = {"processors": os.cpu_count(), "load_before": os.getloadavg()[0]}
    words.print("first run: filling the demo shop, indexing, 80 drafts")
    figures["first_demo"] = asdict(_timed((*_DESKSIDE, "demo", "--no-serve"), home))
    words.print("starting again and again")
    figures["start_of_draft"] = _starts(home)
    words.print("own work per turn")
    figures["own_work"] = _asked("tests.benchmarks.own_work", home)
    words.print("starting to serve")
    figures["start_of_serve"] = _asked("tests.benchmarks.starting", home)
    for subject in SERVED:
        words.print(f"{subject}, on SQLite and on Postgres")
        figures[subject] = _asked(f"tests.benchmarks.{subject}", folder / subject)
    for where, drafts in (("pages", ()), ("pages_of_many", ("--drafts", str(MANY)))):
        words.print(f"{where.replace('_', ' ')} in Chromium, on SQLite and on Postgres")
        figures[where] = _asked("tests.benchmarks.pages", folder / where, *drafts)
    words.print("searching transcripts, on SQLite and on Postgres")
    figures["transcripts"] = _asked("tests.benchmarks.transcripts", folder / "transcripts")
    words.print("a storm")
    figures["storm"] = _asked("tests.benchmarks.storm", home)
    words.print("importing and reading")
    figures["shop"] = _asked("tests.benchmarks.shop", home, str(SMALL))
    words.print("indexing and searching")
    figures["index"] = _asked("tests.benchmarks.retrieval", home, *(["10000"] if large else []))
    words.print("model calls and waiting, beside a plain agent")
    figures["turns"] = _asked("tests.benchmarks.turns", home)
    if large:
        words.print(f"searching {LARGE:,} entries of transcripts")
        entries = ("--entries", str(LARGE))
        figures["transcripts_large"] = _asked("tests.benchmarks.transcripts", folder / "transcripts", *entries)
        words.print(f"importing and reading {LARGE:,} orders")
        many = folder / "large"
        figures["shop_large"] = _asked("tests.benchmarks.shop", home, str(LARGE), "--keep", str(many))
        for kept in ("index", "cache"):
            shutil.copytree(home / kept, many / kept)
        words.print(f"own work per turn at {LARGE:,} orders")
        figures["own_work_large"] = _asked("tests.benchmarks.own_work", many)
    return figures


def _starts(home: Path) -> Figures:
    costs = [_timed((*_DESKSIDE, *_POST), home) for _ in range(STARTS)]
    return {name: round(statistics.median(getattr(cost, name) for cost in costs), 2) for name in asdict(costs[0])}


def _asked(module: str, home: Path, *arguments: str) -> Figures:
    """What a benchmark prints, run in a process of its own."""
    command = (sys.executable, "-m", module, *arguments)
    done = subprocess.run(command, env=_environment(home), check=True, capture_output=True, text=True)
    figures: Figures = json.loads(done.stdout)
    return figures


def _timed(command: Sequence[str], home: Path) -> Cost:
    began = time.perf_counter()
    with subprocess.Popen(
        command, env=_environment(home), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        assert process.stderr is not None
        said = process.stderr.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(command[3:])} failed: {said.decode()[-500:]}")
    processor = used.ru_utime + used.ru_stime
    in_kib = used.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    return Cost(round(time.perf_counter() - began, 2), round(processor, 2), round(in_kib / 1024, 1))


def _environment(home: Path) -> dict[str, str]:
    """No model but the one that a benchmark brings itself."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "DESKSIDE_"))}
    return kept | {"DESKSIDE_HOME": str(home)}


def _table(figures: Figures) -> Table:
    table = Table("what", "figure", "target", "", title=f"Deskside on {figures['processors']} processors")
    turns, work, start = figures["turns"], figures["own_work"], figures["start_of_draft"]
    mine, plain, ratio = turns["deskside"], turns["plain_agent"], turns["ratio"]
    rows: list[tuple[str, str, float | None, float | None]] = [
        ("model calls per draft", f"{mine['calls']:.2f} (plain agent {plain['calls']:.2f})", mine["calls"], 1.2),
        (
            "to the first words, of the plain agent's time",
            _share(mine, plain, "first_words_s"),
            ratio["first_words_s"],
            0.25,
        ),
        ("to the whole draft, of the plain agent's time", _share(mine, plain, "whole_s"), ratio["whole_s"], 0.6),
        *_own_work(f"{SMALL:,} orders", work),
        *(_own_work(f"{LARGE:,} orders", figures["own_work_large"]) if "own_work_large" in figures else ()),
        *_imported(f"{SMALL:,} orders", figures["shop"]),
        *(_imported(f"{LARGE:,} orders", figures["shop_large"]) if "shop_large" in figures else ()),
        *_indexed(figures["index"]),
        *served_rows.rows(figures),
        *storm_rows.rows(figures["storm"]),
        (
            "start of `deskside draft`, one post",
            f"{start['wall_s']} s ({start['processor_s']} s of processor)",
            None,
            None,
        ),
        ("memory of `deskside draft`", f"{start['peak_mb']:.0f} MB", None, None),
        _first_run(figures["first_demo"]),
    ]
    for what, figure, reached, target in rows:
        verdict = "" if target is None or reached is None else "yes" if reached <= target else "no"
        table.add_row(what, figure, "" if target is None else f"≤ {target:g}", verdict)
    for what, figure, reached, least in served_rows.rates(figures):
        table.add_row(what, figure, "" if least is None else f"≥ {least}", _reached(reached, least))
    return table


Row = tuple[str, str, float | None, float | None]


def _reached(rate: float, least: float | None) -> str:
    return "" if least is None else "yes" if rate >= least else "no"


def _share(mine: Figures, plain: Figures, name: str) -> str:
    return f"{mine[name] / plain[name]:.2f} ({mine[name]:.2f} s of {plain[name]:.2f} s)"


def _own_work(where: str, work: Figures) -> list[Row]:
    wall, busy = work["wall_ms"], work["processor_ms"]
    return [
        (f"own work per turn, {where}, p50", f"{wall['p50']} ms ({busy['p50']} of processor)", wall["p50"], 40),
        (f"own work per turn, {where}, p95", f"{wall['p95']} ms ({busy['p95']} of processor)", wall["p95"], 100),
    ]


def _imported(where: str, shop: Figures) -> list[Row]:
    cost, order = shop["import"], shop["reading_ms"]["order"]
    return [
        (f"import, {where}", f"{cost['rows_per_second']:,.0f} rows/s, {cost['memory_mb']:.0f} MB", None, None),
        (f"reading one order, {where}", f"p50 {order['p50']:.1f} ms, p95 {order['p95']:.1f} ms", None, None),
    ]


def _indexed(index: Figures) -> list[Row]:
    return [
        (f"index, {name} policies, {part['passages']:,} passages", f"{part['passages_per_s']} passages/s", None, None)
        for name, part in index.items()
    ]


def _first_run(cost: Figures) -> Row:
    figure = f"{cost['wall_s']} s ({cost['processor_s']} s of processor, {cost['peak_mb']:.0f} MB)"
    return "first `deskside demo`: shop, index, 80 drafts", figure, cost["wall_s"], 60


if __name__ == "__main__":
    main()
