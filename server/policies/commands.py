"""`deskside knowledge`: index the policies, search them, check them, write them back as files."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from retrieval.index import Hit, Update
    from retrieval.scope import Scope
    from server.settings import Settings

app = typer.Typer(no_args_is_help=True, help="The policies: index, search, check, export.")

_Knowledge = Annotated[
    Path | None,
    typer.Option("--knowledge", exists=True, file_okay=False, help="Folder to use instead of the shipped one."),
]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON only.")]


@app.command()
def index(knowledge: _Knowledge = None, as_json: _Json = False) -> None:
    """Bring this home's index up to date with the documents; only what changed is embedded."""
    with _told_failures():
        update = asyncio.run(_update(_settings(knowledge)))
    if as_json:
        _print_json({name: getattr(update, name) for name in ("written", "removed", "documents", "passages")})
    else:
        typer.echo(
            f"{update.documents} documents, {update.passages} passages: "
            f"{update.written} written, {update.removed} taken out"
        )


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="What a customer might ask.")],
    knowledge: _Knowledge = None,
    language: Annotated[str | None, typer.Option(help="Language of the question (en, de, …); else guessed.")] = None,
    brand: Annotated[str | None, typer.Option(help="Only documents of this brand and of none.")] = None,
    region: Annotated[str | None, typer.Option(help="Only documents of this region and of none.")] = None,
    audience: Annotated[str | None, typer.Option(help="Only public or only internal documents.")] = None,
    day: Annotated[
        datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="Only documents in effect then; today.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many documents to show.")] = 5,
    as_json: _Json = False,
) -> None:
    """Show the passages that answer a question best, and why; those below the threshold are marked."""
    from assistant.language import detect_language
    from retrieval.scope import Scope

    scope = Scope(
        brands=frozenset({brand}) if brand else None,
        regions=frozenset({region}) if region else None,
        audiences=frozenset({audience}) if audience else None,
        day=(day or datetime.now(UTC)).date(),
    )
    with _told_failures():
        hits = asyncio.run(
            _search(_settings(knowledge), query, language or detect_language(query, hint="en"), scope, limit)
        )
    if as_json:
        _print_json([_as_json(hit) for hit in hits])
    else:
        _print_hits(hits)


@app.command()
def check(knowledge: _Knowledge = None, as_json: _Json = False) -> None:
    """Look for what would make drafts wrong or poorer (docs/knowledge.md); exit 1 if there is an error."""
    from server.policies.checking import check_knowledge

    problems = check_knowledge(_settings(knowledge).knowledge, today=datetime.now(UTC).date())
    if as_json:
        _print_json([{**asdict(problem), "file": str(problem.file)} for problem in problems])
    else:
        for problem in problems:
            typer.echo(str(problem))
    errors = sum(problem.severity == "error" for problem in problems)
    typer.echo(f"{errors} errors, {len(problems) - errors} other remarks", err=True)
    raise typer.Exit(1 if errors else 0)


@app.command()
def export(
    to: Annotated[Path, typer.Argument(help="Folder to write to; it must be empty or not be there.")],
    knowledge: _Knowledge = None,
) -> None:
    """Write the knowledge back as files: documents, destinations, intents, questions, voice."""
    from server.policies.files import export_knowledge

    with _told_failures():
        count = export_knowledge(_settings(knowledge).knowledge, to)
    typer.echo(f"{count} files written to {to}")


def _settings(knowledge: Path | None) -> "Settings":
    from server.settings import Settings

    return Settings() if knowledge is None else Settings(knowledge=knowledge)


async def _update(settings: "Settings") -> "Update":
    from server.policies.passages import open_policy_index

    async with open_policy_index(settings) as policies:
        return policies.update


async def _search(settings: "Settings", query: str, language: str | None, scope: "Scope", limit: int) -> "list[Hit]":
    from server.policies.passages import open_policy_index

    async with open_policy_index(settings) as policies:
        return await policies.index.search(query, scope=scope, limit=limit, language=language)


@contextmanager
def _told_failures() -> Iterator[None]:
    """What a person can mend is said in one line; anything else is our mistake and shows where."""
    from retrieval.embeddings import EmbeddingUnavailable
    from retrieval.lock import FolderHeld
    from retrieval.weights import WeightsDamaged, WeightsMissing
    from server.policies.files import FolderNotEmpty
    from server.policies.yaml_files import BadKnowledgeFile

    try:
        yield
    except (
        BadKnowledgeFile,
        EmbeddingUnavailable,
        FolderHeld,
        FolderNotEmpty,
        WeightsDamaged,
        WeightsMissing,
    ) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


def _as_json(hit: "Hit") -> dict[str, Any]:
    found = hit.found
    return {
        "document": found.document.id,
        "passage": found.passage.id,
        "title": found.document.title,
        "heading": list(found.passage.heading),
        "text": found.passage.text,
        "audience": found.document.audience,
        "relevance": round(hit.relevance, 3),
        "relevant": hit.relevant,
        "scores": _scores(hit),
    }


def _scores(hit: "Hit") -> dict[str, float]:
    found = hit.found
    parts = {"total": found.score, "dense": found.dense, "title": found.title, "lexical": found.lexical}
    return {name: round(value, 3) for name, value in parts.items()}


def _print_json(value: Any) -> None:  # noqa: ANN401 - whatever JSON can hold
    typer.echo(json.dumps(value, ensure_ascii=False))


def _print_hits(hits: "list[Hit]") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(show_lines=True)
    for name in ("relevance", "passage", "text", "scores"):
        table.add_column(name, overflow="fold")
    for hit in hits:
        passage = hit.found.passage
        scores = "\n".join(f"{name} {value:.2f}" for name, value in _scores(hit).items())
        mark = "" if hit.relevant else "\n(too little)"
        text = passage.text if len(passage.text) < 300 else f"{passage.text[:300]}…"
        table.add_row(f"{hit.relevance:.2f}{mark}", f"{passage.id}\n{' > '.join(passage.heading)}", text, scores)
    Console().print(table)
