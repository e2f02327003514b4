"""The figures of a serving process as rows of the benchmarks' table."""

from collections.abc import Iterator, Mapping
from typing import Any

Figures = Mapping[str, Any]
Row = tuple[str, str, float | None, float | None]

RATES = {"sqlite": 200, "postgres": 500}
"""Posts a second that are to be taken in."""

_NAMES = {"sqlite": "SQLite", "postgres": "Postgres"}
_PAGES = {
    "first_page_ms": "first page",
    "pages_behind_ms": "pages behind it",
    "of_a_team_ms": "of a team",
    "of_a_small_team_ms": "of a small team",
    "of_a_person_ms": "of a person",
    "of_an_account_ms": "of an account",
    "of_a_small_account_ms": "of a small account",
    "dangerous_ms": "dangerous",
}


def rows(figures: Figures) -> Iterator[Row]:
    """What is waited for; the last of each row is the most it may be."""
    start = figures["start_of_serve"]
    for name, most in (("listening", 2), ("ready", 5)):
        figure = f"{start[f'{name}_s']} s ({start[f'{name}_processor_s']} s of processor)"
        yield f"`deskside serve` {name}", figure, start[f"{name}_s"], most
    for kind, found in _measured(figures["drafting"]):
        yield f"accepted to pending, {kind}, p95", _seconds(found["pending_s"]), found["pending_s"]["p95"], 2
        yield f"approved to sent, {kind}, p95", _seconds(found["sent_s"]), None, None
        took = found["answers_ms"]
        yield (
            f"/healthz while drafting, {kind}, longest",
            f"{took['longest']:.0f} ms (p95 {took['p95']:.0f} ms)",
            None,
            None,
        )
    for kind, found in _measured(figures["actions"]):
        words = f"{_seconds(found['carried_out_s'])}, {found['done']} of {found['actions']}"
        yield f"an action approved to carried out, {found['orders']:,} orders, {kind}, p95", words, None, None
    yield from _panel(figures["panel"])
    for subject in ("transcripts", "transcripts_large"):
        yield from _searches(figures.get(subject, {}))
    yield from _insights(figures["insights"])
    for where in ("pages", "pages_of_many"):
        yield from _in_a_browser(figures[where])
    for kind, found in _measured(figures["inbox"]):
        for name, what in _PAGES.items():
            took = found[name]
            words = f"{took['p95']:.0f} ms (p50 {took['p50']:.0f} ms)"
            yield f"inbox of {found['drafts']:,} drafts, {what}, {kind}, p95", words, took["p95"], 100


def _panel(figures: Figures) -> Iterator[Row]:
    for kind, found in _measured(figures):
        of = f"{found['panels']} open panels, {kind}"
        for name, what, most in (
            ("evidence_ms", "first of an answer", 200),
            ("added_to_first_token_ms", "added to the model's first token", 50),
        ):
            took = found[name]
            yield f"{what}, {of}, p95", f"{took['p95']:.0f} ms (p50 {took['p50']:.0f} ms)", took["p95"], most
        memory = found["memory_mb"]
        yield f"memory, {of}", f"{memory['open']:.0f} MB, {memory['after']:.0f} MB after", None, None


def _searches(figures: Figures) -> Iterator[Row]:
    """What a page of a search takes, by what is looked for."""
    for kind, found in _measured(figures):
        for name, took in found["search_ms"].items():
            words = f"{took['p95']:.0f} ms (p50 {took['p50']:.0f} ms)"
            what = name.replace("_", " ")
            yield f"search in {found['entries']:,} entries, {what}, {kind}, p95", words, took["p95"], 100


def _insights(figures: Figures) -> Iterator[Row]:
    for kind, found in _measured(figures):
        took, beside = found["month_ms"], found["healthz_ms"]
        words = f"{took['p95']:.0f} ms (p50 {took['p50']:.0f} ms)"
        yield f"a month's figures of {found['drafts']:,} drafts, {kind}, p95", words, took["p95"], 1000
        words = f"{beside['longest']:.0f} ms (p95 {beside['p95']:.0f} ms)"
        yield f"/healthz meanwhile, {kind}, longest", words, beside["longest"], 50


def _in_a_browser(figures: Figures) -> Iterator[Row]:
    """Of the pages the one that is heaviest, or slowest; and what somebody waits for on them."""
    for kind, found in _measured(figures):
        where = "the demo" if found["drafts"] == "demo" else f"{found['drafts']:,} drafts"
        pages: Mapping[str, Any] = found["pages"]
        most = max(pages, key=lambda name: pages[name]["requests"])
        requests = pages[most]["requests"]
        yield f"requests of a page, {where}, {kind}, most", f"{requests} ({most})", requests, 12
        heaviest = max(pages, key=lambda name: pages[name]["bytes"])
        kilobytes = pages[heaviest]["bytes"] / 1000
        yield f"kB of a page without images, {where}, {kind}, most", f"{kilobytes:.0f} ({heaviest})", kilobytes, 150
        for name, what in (("first_paint_ms", "nothing kept"), ("first_paint_again_ms", "all kept")):
            took, slowest = max(((page[name], page_name) for page_name, page in pages.items()), key=_p95)
            words = f"{took['p95']:.0f} ms (p50 {took['p50']:.0f} ms; {slowest})"
            yield f"first content of a page, {what}, {where}, {kind}, p95", words, None, None
        for name, what, limit in (
            ("send_to_next_ms", "sent to the next draft", 100),
            ("panel_to_customer_ms", "customer chosen to known", 200),
        ):
            took = found[name]
            words = f"{took['p95']:.0f} ms (p50 {took['p50']:.0f} ms)"
            yield f"{what}, {where}, {kind}, p95", words, took["p95"], limit


def rates(figures: Figures) -> Iterator[tuple[str, str, float, float | None]]:
    """Posts a second; the last of each row is the least it may be, with several posts in a request."""
    for kind, found in _measured(figures["intake"]):
        for name, taken in found.items():
            posts = int(name.rpartition("_")[2])
            least = RATES[_kind(kind)] if posts > 1 else None
            words = f"{taken['posts_per_s']:.0f} posts/s ({taken['processor_ms_per_post']} ms of processor each)"
            yield f"intake over HTTP, {posts} in a request, {kind}", words, taken["posts_per_s"], least


def _measured(subject: Figures) -> Iterator[tuple[str, Figures]]:
    for kind, found in subject.items():
        if "left_out" not in found:
            yield _NAMES[kind], found


def _p95(took: tuple[Figures, str]) -> float:
    return float(took[0]["p95"])


def _kind(name: str) -> str:
    return next(kind for kind, shown in _NAMES.items() if shown == name)


def _seconds(took: Figures) -> str:
    return f"{took['p95']:.2f} s (p50 {took['p50']:.2f} s)"
