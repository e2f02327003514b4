"""Makes every client and path, and puts them together. Nothing else in the project knows where things are."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncEngine

from assistant.intents import IntentRecogniser
from assistant.model_round import ModelWriter, Translator
from assistant.rep_round import PanelWriters
from assistant.screening.meaning import DangerRecogniser
from assistant.turn import Desk
from retrieval.embeddings import local_embedding
from retrieval.lock import FolderHeld
from server.audit.configuration import note_settings
from server.audit.ledger import Ledger
from server.audit.seals import Seals
from server.channels.accounts import load_accounts, seed_accounts
from server.channels.adapters import open_channels
from server.channels.addresses import Reach
from server.channels.linked_customers import LinkedCustomers
from server.channels.polling import start_polling
from server.channels.repository import list_accounts
from server.db import open_database, writing
from server.destinations.kept import KeptDestinations
from server.destinations.seeding import load_entries, seed_destinations
from server.insights.sampling import start_sampling
from server.jobs.waking import Bell, open_bell
from server.limits.managing import follow_file as follow_limits
from server.policies.destinations import ListedDestinations
from server.policies.files import load_destinations, load_guidance
from server.policies.held import HeldPolicies, hold_policies
from server.policies.passages import language_of, open_passages
from server.policies.vectors import local_vectors
from server.questions.seeding import load_questions, seed_questions
from server.saved_replies.seeding import load_entries as load_saved_replies
from server.saved_replies.seeding import seed_saved_replies
from server.secret import Secret
from server.service import Service
from server.settings import SHIPPED_KNOWLEDGE, Settings
from server.shop.freshness import Freshness
from server.shop.outages import Outages, WatchedConversations, WatchedCustomers, WatchedOrders, WatchedPromises
from server.shop.ports import SqlConversations, SqlCustomers, SqlOrders, SqlPromises
from server.shop.writer import SqlShopWriter
from server.voices.kept import KeptVoices
from server.voices.managing import follow_file as follow_voices
from tools.ports import Destinations, Passages, Ports

if TYPE_CHECKING:
    from assistant.chat_models import Endpoint
    from assistant.wire import ModelSettings


@asynccontextmanager
async def open_desk(settings: Settings) -> AsyncIterator[Desk]:
    """Everything a turn needs, over this home's database and index. The index is brought up to date on the way in."""
    async with AsyncExitStack() as stack:
        engine = await _open_engine(settings, stack)
        passages = await _open_passages(settings, stack)
        places = ListedDestinations(load_destinations(settings.knowledge))
        model = await _open_model(settings, stack)
        yield _make_desk(settings, engine, passages, places, Outages(_now), model)


@dataclass(frozen=True, slots=True)
class Opened:
    """A process's service, its policies, the bells that its workers and its events' readers wait for, its audit.

    `outages` are the shop's ports that do not answer.
    """

    service: Service
    policies: HeldPolicies
    jobs: Bell
    events: Bell
    ledger: Ledger
    outages: Outages


@asynccontextmanager
async def open_service(settings: Settings) -> AsyncIterator[Opened]:
    """Everything that a serving process or a worker works with.

    Raises:
        FolderHeld: the index lies in the home, and another process holds it.
    """
    async with AsyncExitStack() as stack:
        engine = await _open_engine(settings, stack)
        jobs = await stack.enter_async_context(open_bell(engine, "jobs"))
        events = await stack.enter_async_context(open_bell(engine, "events"))
        derive = Secret.of(settings).derive
        reach = Reach.of(settings.private_hosts)
        channel = await stack.enter_async_context(open_channels(derive, clock=_now, home=settings.home, reach=reach))
        await _begin_with_accounts(settings, engine)
        await _begin_with_questions(settings, engine)
        await _begin_with_destinations(settings, engine)
        await _begin_with_saved_replies(settings, engine)
        await _follow_files(settings, engine)
        policies = await stack.enter_async_context(hold_policies(settings, engine))
        outages = Outages(_now)
        model = await _open_model(settings, stack)
        desk = _make_desk(settings, engine, policies, KeptDestinations(engine), outages, model)
        voices = KeptVoices(engine, settings.knowledge)
        writer = SqlShopWriter(engine, settings.knowledge, _now)
        ledger = Ledger.of(settings, _now)
        await note_settings(engine, settings, Seals.of_settings(settings), _now())
        yield Opened(
            Service(settings, engine, _now, desk, channel, jobs.ring, writer, model.endpoint, voices),
            policies,
            jobs,
            events,
            ledger,
            outages,
        )


async def _open_engine(settings: Settings, stack: AsyncExitStack) -> AsyncEngine:
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = await open_database(settings.database)
    stack.push_async_callback(engine.dispose)
    return engine


async def _begin_with_accounts(settings: Settings, engine: AsyncEngine) -> None:
    """Take over the knowledge folder's accounts that the database has never had, and look at all from now on."""
    entries = load_accounts(settings.knowledge)
    async with writing(engine) as session:
        await seed_accounts(session, entries, _now())
        await start_polling(session, await list_accounts(session), _now())
        await start_sampling(session, _now())


async def _begin_with_questions(settings: Settings, engine: AsyncEngine) -> None:
    """Take over the knowledge folder's questions that the database has never had."""
    entries = load_questions(settings.knowledge)
    async with writing(engine) as session:
        await seed_questions(session, entries, _now())


async def _begin_with_destinations(settings: Settings, engine: AsyncEngine) -> None:
    """Take over what is new of the knowledge folder's places."""
    entries = load_entries(settings.knowledge)
    async with writing(engine) as session:
        await seed_destinations(session, entries, _now())


async def _begin_with_saved_replies(settings: Settings, engine: AsyncEngine) -> None:
    """Take over what is new of the knowledge folder's saved replies."""
    entries = load_saved_replies(settings.knowledge)
    async with writing(engine) as session:
        await seed_saved_replies(session, entries, _now())


async def _follow_files(settings: Settings, engine: AsyncEngine) -> None:
    """Let the folder decide on limits and voices again where it says what people have decided."""
    async with writing(engine) as session:
        await follow_limits(session, settings.knowledge, _now())
        await follow_voices(session, settings.knowledge, _now())


async def _open_passages(settings: Settings, stack: AsyncExitStack) -> Passages:
    """Over this home's index or, where a serving process holds it, through that process."""
    try:
        return await stack.enter_async_context(open_passages(settings))
    except FolderHeld as held:
        from server.policies.remote import through_holder

        return await stack.enter_async_context(through_holder(settings, held))


def _make_desk(
    settings: Settings,
    engine: AsyncEngine,
    passages: Passages,
    places: Destinations,
    outages: Outages,
    model: "_Model",
) -> Desk:
    vectors = local_vectors(settings.cache)
    guidance = load_guidance(settings.knowledge)
    if not guidance.intents:
        # what customers want is the same everywhere; a folder of documents alone still gets drafts
        guidance = guidance.model_copy(update={"intents": load_guidance(SHIPPED_KNOWLEDGE).intents})
    return Desk(
        ports=Ports(
            customers=WatchedCustomers(LinkedCustomers(SqlCustomers(engine), engine), outages),
            orders=WatchedOrders(SqlOrders(engine, freshness=Freshness.of_hours(settings.shop_stale_hours)), outages),
            promises=WatchedPromises(SqlPromises(engine), outages),
            conversations=WatchedConversations(SqlConversations(engine), outages),
            passages=passages,
            destinations=places,
            vectors=vectors,
        ),
        guidance=guidance,
        recogniser=IntentRecogniser(guidance.intents, vectors, guidance.asked),
        clock=_now,
        model=model.writer,
        translate=model.translator,
        panel=model.panel,
        dangers=DangerRecogniser(vectors, vectors.fingerprint),
        deadline=settings.draft_deadline,
        region=settings.region,
        read_ahead=_read_ahead if settings.embedding_model is None else None,
    )


def _now() -> datetime:
    return datetime.now(UTC)


async def fill_demo(settings: Settings) -> None:
    """Put the demo shop into this home's database, once, and its policies into the index."""
    from server.shop.demo import fill_demo_shop

    settings.home.mkdir(parents=True, exist_ok=True)
    engine = await open_database(settings.database)
    try:
        await fill_demo_shop(engine, SHIPPED_KNOWLEDGE / "demo", Seals.of_settings(settings))
    finally:
        await engine.dispose()
    async with AsyncExitStack() as stack:
        await _open_passages(settings, stack)


async def _read_ahead(query: str) -> None:
    """The vectors on this machine remember what they worked out; an endpoint would be asked twice."""
    await local_embedding().embed([query], language=language_of(query))


@dataclass(frozen=True, slots=True)
class _Model:
    """The model as writer, as translator and at the panel, and its endpoint; none if no model is configured."""

    writer: ModelWriter | None = None
    translator: Translator | None = None
    panel: PanelWriters | None = None
    endpoint: "Endpoint | None" = None


async def _open_model(settings: Settings, stack: AsyncExitStack) -> _Model:
    """The model, whose libraries are loaded only if there is one."""
    if settings.model is None:
        return _Model()
    from assistant.agent import write_draft
    from assistant.chat_models import Endpoint, Priority
    from assistant.rep_writer import write_for_rep
    from assistant.translation import translate

    endpoint = Endpoint(_model_settings(settings, settings.model))
    stack.push_async_callback(endpoint.aclose)
    return _Model(
        partial(write_draft, endpoint=endpoint),
        partial(translate, endpoint=endpoint),
        PanelWriters(
            draft=partial(write_draft, endpoint=endpoint, priority=Priority.PANEL),
            answer=partial(write_for_rep, endpoint=endpoint),
            first_word=settings.panel_first_word,
        ),
        endpoint,
    )


def _model_settings(settings: Settings, model: str) -> "ModelSettings":
    from assistant.wire import ModelSettings

    return ModelSettings(
        model=model,
        base_url=settings.openai_base_url,
        api_key=settings.openai_api_key.get_secret_value() if settings.openai_api_key else None,
        timeout_s=settings.model_timeout,
        use_tools=settings.model_tools,
        price_prompt=float(settings.model_price_prompt),
        price_completion=float(settings.model_price_completion),
        daily_cost_cap=float(settings.daily_cost_cap) if settings.daily_cost_cap is not None else None,
        concurrency=settings.model_concurrency,
    )
