"""`deskside draft`, `deskside ask` and `deskside demo`."""

import asyncio
import json
from collections.abc import Iterable
from contextlib import nullcontext
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from assistant.case import Thread
    from server.drafts.reading import GoodLine
    from server.json_lines import BadLine
    from server.settings import Settings

_Knowledge = Annotated[
    Path | None, typer.Option("--knowledge", help="Folder of policies and guidance to use instead of the shipped one.")
]


def draft(
    channel: Annotated[str | None, typer.Option(help="Channel of the post: x, bluesky, mastodon, instagram, …")] = None,
    handle: Annotated[str | None, typer.Option(help="Who wrote it.")] = None,
    text: Annotated[str | None, typer.Option(help="What they wrote.")] = None,
    brand: Annotated[str | None, typer.Option(help="Whom they wrote to.")] = None,
    file: Annotated[
        Path | None, typer.Option("--input", help="Threads as JSON Lines (docs/drafts.md); - for standard input.")
    ] = None,
    knowledge: _Knowledge = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line, in input order.")] = False,
) -> None:
    """Draft a reply to one post, or to each thread of a file."""
    from server.drafts.reading import read_threads
    from server.json_lines import STANDARD_INPUT, read_lines

    one = (channel, handle, text)
    if (file is None) == all(value is None for value in one) or (file is None and None in one):
        raise typer.BadParameter("give either --input FILE, or --channel, --handle and --text")
    now = datetime.now(UTC)
    if file is None:
        post = {"id": "1", "author": handle, "role": "customer", "created_at": now.isoformat(), "text": text}
        lines: Iterable[str] = [json.dumps({"id": "1", "channel": channel, "brand": brand, "posts": [post]})]
    elif file == STANDARD_INPUT or file.is_file():
        lines = read_lines(file)
    else:
        raise typer.BadParameter(f"there is no file {file}", param_hint="--input")
    failed = asyncio.run(_draft(read_threads(lines, now=now), _settings(knowledge), as_json))
    raise typer.Exit(1 if failed else 0)


def ask(
    question: Annotated[str, typer.Argument(help="What the rep wants to know.")],
    customer: Annotated[str, typer.Option(help="The customer's id.")],
    knowledge: _Knowledge = None,
    as_json: Annotated[bool, typer.Option("--json", help="The whole record as JSON.")] = False,
) -> None:
    """Answer a rep's question about one customer."""
    asyncio.run(_ask(question, customer, _settings(knowledge), as_json))


def demo(
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Print the drafts of the inbox and stop.")] = False,
    port: Annotated[int | None, typer.Option(help="Port to listen on; DESKSIDE_PORT.")] = None,
) -> None:
    """Fill the demo shop and its networks, and serve it with one person of each role."""
    if no_serve:
        asyncio.run(_demo(_settings(None)))
        return
    from server.settings import Settings
    from server.web.demo import serve_demo

    serve_demo(
        Settings() if port is None else Settings(port=port), say=typer.echo, report=partial(typer.echo, err=True)
    )


def _settings(knowledge: Path | None) -> "Settings":
    from server.settings import Settings

    if knowledge is None:
        return Settings()
    if not knowledge.is_dir():
        raise typer.BadParameter(f"there is no folder {knowledge}", param_hint="--knowledge")
    # another folder's documents are nobody else's: not those of processes that share an index
    return Settings(knowledge=knowledge, chroma_url=None)


async def _draft(threads: "Iterable[GoodLine | BadLine]", settings: "Settings", as_json: bool) -> bool:
    """Draft and print each; returns whether a line was bad."""
    from rich.console import Console

    from server.drafts.printing import print_record
    from server.drafts.service import draft_all
    from server.drafts.writing import record_as_json
    from server.json_lines import BadLine
    from server.wiring import open_desk

    read: dict[int, Thread] = {}

    def remember() -> "Iterable[GoodLine | BadLine]":
        for number, line in enumerate(threads):
            if not isinstance(line, BadLine) and not as_json:
                read[number] = line.thread
            yield line

    console = Console()
    failed = False
    async with open_desk(settings) as desk:
        number = -1
        async for record in draft_all(remember(), desk, at_once=settings.turns_at_once):
            number += 1
            if isinstance(record, BadLine):
                failed = True
                typer.echo(json.dumps(record.as_json(), ensure_ascii=False), err=not as_json)
            elif as_json:
                typer.echo(json.dumps(record_as_json(record), ensure_ascii=False))
            else:
                print_record(console, read.pop(number), record)
    return failed


async def _ask(question: str, customer: str, settings: "Settings", as_json: bool) -> None:
    from rich.console import Console

    from assistant.answering import answer_question
    from server.drafts.asking import answer_as_json, print_answer
    from server.wiring import open_desk

    async with open_desk(settings) as desk:
        record = await answer_question(question, customer, desk)
    if as_json:
        typer.echo(json.dumps(answer_as_json(record), ensure_ascii=False))
    else:
        print_answer(Console(), record)


async def _demo(settings: "Settings") -> None:
    import time

    from rich.console import Console
    from rich.progress import Progress

    from assistant.outcome import TurnRecord
    from server.drafts.printing import print_record, print_summary
    from server.drafts.reading import read_threads
    from server.drafts.service import draft_all
    from server.json_lines import BadLine
    from server.shop.invented.world import NOW as DEMO_NOW
    from server.wiring import fill_demo, open_desk

    console = Console()
    words = Console(stderr=True)
    with words.status("filling the demo shop and indexing its policies") if words.is_terminal else nullcontext():
        await fill_demo(settings)
    inbox = settings.knowledge / "demo" / "inbox.jsonl"
    lines = list(read_threads(inbox.read_text(encoding="utf-8").split("\n"), now=DEMO_NOW))
    records: list[TurnRecord] = []
    started = time.monotonic()
    async with open_desk(settings) as desk:
        drafted = draft_all(lines, desk, at_once=settings.turns_at_once, now=DEMO_NOW)
        with Progress(console=words, transient=True) as progress:
            task = progress.add_task("drafting", total=len(lines))
            async for record in drafted:
                progress.advance(task)
                if not isinstance(record, BadLine):
                    records.append(record)
    seconds = time.monotonic() - started
    by_id = {line.thread.id: line.thread for line in lines if not isinstance(line, BadLine)}
    for record in records:
        print_record(console, by_id[record.id], record)
    print_summary(console, records, seconds)
