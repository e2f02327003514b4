"""`deskside insights`: every figure with its definition."""

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from server.insights.views import FigureView, InsightsView, PartView

_FORMATS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]
_HOUR, _DAY = 3600, 86400


def insights(
    begin: Annotated[
        datetime | None, typer.Option("--from", formats=_FORMATS, help="In UTC; else 28 days before the end.")
    ] = None,
    end: Annotated[datetime | None, typer.Option("--to", formats=_FORMATS, help="In UTC, not included; else now.")] = (
        None
    ),
    brand: Annotated[str | None, typer.Option(help="Only this brand's.")] = None,
    channel: Annotated[str | None, typer.Option(help="Only this channel's.")] = None,
    team: Annotated[str | None, typer.Option(help="Only this team's cases.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of words.")] = False,
) -> None:
    """How well customers are served: each figure with what it means and how many it is made of."""
    view = asyncio.run(_read(_utc(begin), _utc(end), brand, channel, team))
    if as_json:
        typer.echo(view.model_dump_json())
        return
    typer.echo(f"{view.begin:%Y-%m-%d %H:%M} to {view.end:%Y-%m-%d %H:%M} UTC, {', '.join(view.brands) or 'no brand'}")
    for figure in view.figures:
        typer.echo("\n" + "\n".join(_lines(figure)))


async def _read(
    begin: datetime | None, end: datetime | None, brand: str | None, channel: str | None, team: str | None
) -> "InsightsView":
    from server.db import open_database, reading
    from server.insights.definitions import DEFINITIONS
    from server.insights.measuring import measure, scope_of
    from server.insights.scope import span_of
    from server.insights.views import FigureView, InsightsView
    from server.settings import Settings

    settings = Settings()
    span = span_of(begin, end, datetime.now(UTC))
    engine = await open_database(settings.database)
    try:
        async with reading(engine) as session:
            scope = await scope_of(session, span, {brand} if brand else None, channel=channel, team=team)
            figures = [FigureView.of(name, await measure(session, scope, name, settings)) for name in DEFINITIONS]
    finally:
        await engine.dispose()
    return InsightsView.of(scope, figures)


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment is not None else None


def _lines(figure: "FigureView") -> list[str]:
    parts = [f"  {part.name}: {_value(figure, part)}  ({part.words})" for part in figure.parts]
    return [f"{figure.title} (n = {figure.n})", f"  {figure.definition}", *parts]


def _value(figure: "FigureView", part: "PartView") -> str:
    """The value, and what it was made of: never a share alone."""
    from server.insights.definitions import Unit

    made_of = f"{part.numerator:g} of {part.denominator:g}" if part.denominator is not None else f"{part.numerator:g}"
    if part.value is None:
        return f"nothing to tell, {made_of}"
    least = "at least " if part.at_least else ""
    if part.unit is Unit.SECONDS:
        return f"{least}{_length(part.value)}, n = {part.numerator:g}"
    if part.unit is Unit.MONEY:
        return f"{part.value:.4f}"
    if part.unit is Unit.PER_100:
        return f"{part.value:.1f} per 100, {made_of}"
    if part.unit is Unit.COUNT:
        return f"{part.value:g}" if figure.unit is Unit.MONEY else made_of
    interval = f", 95 %: {part.interval.low:.1%} to {part.interval.high:.1%}" if part.interval else ""
    return f"{part.value:.1%}, {made_of}{interval}"


def _length(seconds: float) -> str:
    days, rest = divmod(round(seconds), _DAY)
    hours, rest = divmod(rest, _HOUR)
    minutes, rest = divmod(rest, 60)
    told = [f"{days} d"] * bool(days) + [f"{hours} h"] * bool(hours) + [f"{minutes} min"] * bool(minutes)
    return " ".join(told[:2]) or f"{rest} s"
