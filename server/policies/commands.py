"""`deskside knowledge`: index the policies, search them, check them, write them back as files."""

import asyncio
import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from retrieval.index import Hit, Update
    from retrieval.scope import Scope
    from server.policies.exporting import Exported
    from server.settings import Settings

app = typer.Typer(no_args_is_help=True, help="The policies: index, search, check, export.")

_Knowledge = Annotated[
    Path | None,
    typer.Option("--knowledge", exists=True, file_okay=False, help="Folder to use instead of the shipped one."),
]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON only.")]


@app.command()
def index(knowledge: _Knowledge = None, as_json: _Json = False) -> None:
    """Bring this home's index up to date with the documents; only what changed costs time."""
    update = asyncio.run(_update(_settings(knowledge)))
    if as_json:
        _print_json({name: getattr(update, name) for name in ("written", "removed", "documents", "passages")})
    else:
        typer.echo(
            f"{update.documents} documents in {update.passages} sections; "
            f"{update.written} documents new or changed, {update.removed} taken out"
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
    """Show what answers a question best, and whether it is enough for a draft."""
    from assistant.language import detect_language
    from retrieval.scope import Scope

    scope = Scope(
        brands=frozenset({brand}) if brand else None,
        regions=frozenset({region}) if region else None,
        audiences=frozenset({audience}) if audience else None,
        day=(day or datetime.now(UTC)).date(),
    )
    hits = asyncio.run(
        _search(_settings(knowledge), query, language or detect_language(query, hint="en"), scope, limit)
    )
    if as_json:
        _print_json([_as_json(hit) for hit in hits])
    else:
        from rich.console import Console

        from server.policies.printing import print_hits

        print_hits(Console(), hits)


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
    """Write the knowledge back as files: documents, destinations, intents, questions, voice.

    The documents are the database's, if it has been served from; with --knowledge, that folder's.
    """
    from server.policies.files import export_knowledge

    settings = _settings(knowledge)
    exported = asyncio.run(_export(settings, to)) if knowledge is None else None
    if exported is None:
        typer.echo(f"{export_knowledge(settings.knowledge, to)} files written to {to}")
        return
    typer.echo(f"{exported.files} files written to {to}")
    if exported.scheduled or exported.sketches:
        typer.echo(
            f"beside them {exported.scheduled} that begin later, in scheduled/, and {exported.sketches} that were only "
            "begun, in sketches/; neither is read from there",
            err=True,
        )


def _settings(knowledge: Path | None) -> "Settings":
    from server.settings import Settings

    # another folder's documents are nobody else's: not those of processes that share an index
    return Settings() if knowledge is None else Settings(knowledge=knowledge, chroma_url=None)


async def _update(settings: "Settings") -> "Update":
    from retrieval.lock import FolderHeld
    from server.policies.passages import open_policy_index
    from server.policies.remote import through_holder

    try:
        async with open_policy_index(settings, anew=True) as policies:
            return policies.update
    except FolderHeld as held:
        async with through_holder(settings, held) as policies_there:
            return await policies_there.update()


async def _export(settings: "Settings", to: Path) -> "Exported | None":
    """The database's documents, if there is a database and it has any."""
    from server.db import open_database
    from server.policies.exporting import export_documents
    from server.policies.passages import read_calendar

    if isinstance(settings.database, Path) and not settings.database.exists():
        return None
    engine = await open_database(settings.database)
    try:
        return await export_documents(engine, settings.knowledge, to, read_calendar(settings.knowledge))
    finally:
        await engine.dispose()


async def _search(settings: "Settings", query: str, language: str | None, scope: "Scope", limit: int) -> "list[Hit]":
    from retrieval.lock import FolderHeld
    from server.policies.passages import IndexPassages, open_policy_index
    from server.policies.remote import through_holder

    try:
        async with open_policy_index(settings) as policies:
            found = await policies.index.search(query, scope=scope, limit=limit, language=language)
            named = IndexPassages(policies.index, policies.documents, policies.calendar)
            return [named.under_its_own_name(hit) for hit in found]
    except FolderHeld as held:
        async with through_holder(settings, held) as policies_there:
            return await policies_there.hits(query, scope=scope, limit=limit, language=language)


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
