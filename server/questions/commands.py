"""`deskside questions`: who would be asked what, and why."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from server.questions.explaining import Asking, Explained

app = typer.Typer(help="What the company wants to learn from customers.", no_args_is_help=True)

Channel = Annotated[str, typer.Option(help="Where they speak: phone, chat or a network.")]
At = Annotated[datetime | None, typer.Option(help="As if it were this moment (UTC); now, if it is left out.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON instead of words.")]


@app.callback()
def questions() -> None:
    """What the company wants to learn from customers."""


@app.command("why")
def why(
    customer: Annotated[str, typer.Option(help="The customer's id.")],
    channel: Channel = "phone",
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Which question this customer would get, and of every one why or why not."""
    from server.questions.printing import as_data, say

    found = asyncio.run(_explain_one(customer, channel, at))
    if found is None:
        typer.echo(f"there is no customer {customer}", err=True)
        raise typer.Exit(1)
    typer.echo(json.dumps(as_data(found), ensure_ascii=False, indent=2) if as_json else say(found))


@app.command("table")
def table(
    brand: Annotated[str | None, typer.Option(help="Only this brand's customers.")] = None,
    channel: Channel = "phone",
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Every customer as if all called on one day, in the order of their ids: who gets which question, and why."""
    from server.questions.printing import as_data, say_table

    found = asyncio.run(_explain_all(brand, channel, at))
    if as_json:
        typer.echo(json.dumps([as_data(each) for each in found], ensure_ascii=False))
    elif not found:
        typer.echo("there are no customers", err=True)
    else:
        typer.echo(say_table(found))


async def _explain_one(customer: str, channel: str, at: datetime | None) -> "Explained | None":
    from server.questions.explaining import explain

    async with _asking(channel, at) as asking:
        return await explain(asking, customer)


async def _explain_all(brand: str | None, channel: str, at: datetime | None) -> "list[Explained]":
    from dataclasses import replace

    from server.db import reading
    from server.questions.explaining import explain
    from server.shop.repository import customer_ids

    explained: list[Explained] = []
    async with _asking(channel, at) as asking:
        async with reading(asking.engine) as session:
            ids = await customer_ids(session, brand=brand)
        for customer in ids:
            found = await explain(asking, customer)
            if found is not None:
                explained.append(found)
                if found.chosen is not None:
                    name = found.chosen.question.id
                    asking = replace(asking, taken={**asking.taken, name: asking.taken.get(name, 0) + 1})
    return explained


@asynccontextmanager
async def _asking(channel: str, at: datetime | None) -> "AsyncIterator[Asking]":
    from server.db import open_database, reading
    from server.policies.files import load_guidance
    from server.questions import repository
    from server.questions.choosing import key_of
    from server.questions.explaining import Asking
    from server.questions.looking import Shop
    from server.questions.seeding import load_questions, questions_of
    from server.settings import Settings
    from server.shop.freshness import Freshness
    from server.shop.ports import SqlConversations, SqlCustomers, SqlOrders, SqlPromises

    settings = Settings()
    now = (at.replace(tzinfo=UTC) if at.tzinfo is None else at) if at is not None else datetime.now(UTC)
    default = load_guidance(settings.knowledge).brand(None)
    engine = await open_database(settings.database)
    try:
        async with reading(engine) as session:
            asked = await questions_of(session, load_questions(settings.knowledge), now)
            taken = await repository.taken_on(session, now.date())
        orders = SqlOrders(engine, freshness=Freshness.of_hours(settings.shop_stale_hours))
        shop = Shop(SqlCustomers(engine), orders, SqlPromises(engine), SqlConversations(engine))
        brand = default.id if default is not None else ""
        yield Asking(engine, shop, asked, taken, key_of(settings), brand, channel, now)
    finally:
        await engine.dispose()
