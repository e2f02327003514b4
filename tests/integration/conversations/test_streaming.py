"""A turn's stream: its order, and what becomes of it when connections, processes and models go away."""

import asyncio
from contextlib import aclosing, asynccontextmanager, suppress
from datetime import timedelta

import httpx
import pytest

from server.conversations import streaming
from server.conversations.asking import take_over
from server.conversations.streaming import LEASE
from server.conversations.streaming import Panel as Process
from server.db import writing
from server.models import TurnPartRow, TurnRow
from tests.fakes.models import ScriptedModel
from tests.integration.conversations.conftest import ON_SQLITE, Panel, kinds, text_of
from tests.integration.conversations.models import SlowModel, prompt_of, with_model

ANSWER = "The parcel is 6 days late [E16]. It was promised for 14 November [E16]. It was sent with DHL [E16]."
SAID = "The parcel is 6 days late. It was promised for 14 November. It was sent with DHL."
ASKED = {"kind": "question", "text": "Where is their parcel?"}


@pytest.fixture
async def slow(panel: Panel):
    model = SlowModel([ANSWER])
    panel.app.state.service, endpoint = with_model(panel.world.service, model)
    yield model
    model.open()
    await endpoint.aclose()


@asynccontextmanager
async def beginning(panel: Panel, conversation: str, slow: SlowModel, *until: str):
    """A turn that has come so far, with its stream."""
    async with panel.stream("POST", f"/conversations/{conversation}/turns", ASKED) as stream:
        heard = await stream.until(*until)
        yield stream, heard


async def test_evidence_is_told_before_the_model_has_said_a_word(panel: Panel, slow: SlowModel):
    conversation = await panel.opened()
    async with beginning(panel, conversation, slow, "evidence") as (stream, heard):
        assert kinds(heard) == ["began", "evidence"]
        assert stream.answer.headers["location"].endswith(f"/turns/{heard[0].data['turn']}/stream")
        slow.open()
        told = [*heard, *await stream.rest()]
    assert kinds(told)[-2:] == ["checks", "checked"]
    assert "text" in kinds(told)
    assert text_of(told) == told[-1].data["text"] == SAID


async def test_a_dropped_connection_is_resumed_without_loss_or_repeats(panel: Panel, slow: SlowModel):
    conversation = await panel.opened()
    async with beginning(panel, conversation, slow, "evidence") as (stream, heard):
        slow.go(4)
        heard += await stream.until("text")
        where = stream.answer.headers["location"].removeprefix("/api/v1")
    slow.open()
    headers = {"Last-Event-ID": str(heard[-1].number)}
    async with panel.stream("GET", where, **headers) as again:
        rest = await again.rest()
    told = [*heard, *rest]
    assert [one.number for one in told] == list(range(1, len(told) + 1))
    assert text_of(told) == told[-1].data["text"] == SAID
    rows = sorted(await panel.world.rows(TurnPartRow), key=lambda row: row.number)
    assert [(row.number, row.kind, row.data) for row in rows] == [(one.number, one.kind, one.data) for one in told]
    async with panel.stream("GET", where) as whole:
        assert await whole.rest() == told, "what has ended is read from its beginning"


async def test_a_reader_of_another_process_hears_the_same(panel: Panel, slow: SlowModel):
    conversation = await panel.opened()
    elsewhere = Process()
    async with beginning(panel, conversation, slow, "evidence") as (stream, heard):
        turn = heard[0].data["turn"]
        async with aclosing(elsewhere.read(panel.world.service, turn, 0, take_over=take_over)) as parts:
            there = [await anext(parts), await anext(parts)]
            slow.open()
            here = [*heard, *await stream.rest()]
            there += [part async for part in parts]
    assert [(part.number, part.kind, part.data) for part in there] == [(o.number, o.kind, o.data) for o in here]


@ON_SQLITE
async def test_two_readers_of_one_process_hear_the_same(panel: Panel, slow: SlowModel):
    conversation = await panel.opened()
    async with beginning(panel, conversation, slow, "evidence") as (stream, heard):
        where = stream.answer.headers["location"].removeprefix("/api/v1")
        async with panel.stream("GET", where, who="colleague") as second:
            slow.open()
            first, other = await asyncio.gather(stream.rest(), second.rest())
    assert other == [*heard, *first]
    refused = await panel.ask("GET", where, who="elsewhere")
    assert (refused.status_code, refused.json()["code"]) == (404, "turn_not_found")


async def test_a_cancelled_turn_ends_for_everybody_and_leaves_no_text(panel: Panel, slow: SlowModel):
    conversation = await panel.opened()
    async with beginning(panel, conversation, slow, "evidence") as (stream, heard):
        path = f"/conversations/{conversation}/turns/{heard[0].data['turn']}/cancel"
        slow.go(4)
        await stream.until("text")
        cancelled = await panel.ask("POST", path)
        assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
        assert kinds(await stream.rest())[-1] == "cancelled"
    again = await panel.ask("POST", path)
    assert (again.status_code, again.json()["code"]) == (409, "turn_has_ended")
    [row] = await panel.world.rows(TurnRow)
    assert (row.state, row.text) == ("cancelled", None)
    assert panel.app.state.panel.writing == 0


async def test_a_turn_is_cancelled_from_another_process(panel: Panel, slow: SlowModel, monkeypatch):
    monkeypatch.setattr("server.conversations.streaming._LOOK_EVERY_S", 0.05)
    conversation = await panel.opened()
    async with beginning(panel, conversation, slow, "evidence") as (stream, heard):
        ours, panel.app.state.panel = panel.app.state.panel, Process()
        path = f"/conversations/{conversation}/turns/{heard[0].data['turn']}/cancel"
        assert (await panel.ask("POST", path)).status_code == 200
        panel.app.state.panel = ours
        assert kinds(await stream.rest()) == ["cancelled"]
    assert ours.writing == 0


async def test_a_turn_that_lost_its_process_gets_the_text_that_stands_without_one(panel: Panel, slow: SlowModel):
    conversation = await panel.opened()
    async with beginning(panel, conversation, slow, "evidence") as (stream, heard):
        slow.go(4)
        heard += await stream.until("text")
        where = stream.answer.headers["location"].removeprefix("/api/v1")
    turn = heard[0].data["turn"]
    await _kill(panel.app.state.panel)
    panel.world.now += LEASE
    panel.app.state.panel = Process()
    async with panel.stream("GET", where, **{"Last-Event-ID": str(heard[-1].number)}) as again:
        rest = await again.rest()
    told = [*heard, *rest]
    assert [one.number for one in told] == list(range(1, len(told) + 1))
    assert told[-1].kind == "interrupted"
    assert (told[-1].data["written_by"], told[-1].data["label"]) == ("composer", "written without AI")
    assert "6 days late" in told[-1].data["text"]
    assert text_of(told) == told[-1].data["text"]
    [row] = await panel.world.rows(TurnRow, id=turn)
    assert (row.state, row.text) == ("interrupted", told[-1].data["text"])


@ON_SQLITE
async def test_a_lost_turn_is_taken_over_once(panel: Panel, slow: SlowModel):
    conversation = await panel.opened()
    async with beginning(panel, conversation, slow, "evidence") as (_, heard):
        pass
    await _kill(panel.app.state.panel)
    [row] = await panel.world.rows(TurnRow, id=heard[0].data["turn"])
    await take_over(panel.world.service, row)
    assert (await panel.world.rows(TurnRow))[0].state == "running", "its process may still be there"
    panel.world.now += LEASE
    await asyncio.gather(*(take_over(panel.world.service, row) for _ in range(3)))
    ends = [row.kind for row in await panel.world.rows(TurnPartRow) if row.kind == "interrupted"]
    assert ends == ["interrupted"]


async def _kill(process: Process) -> None:
    """The process is gone in the middle of its work."""
    for live in list(process._live.values()):
        assert live.task is not None
        live.task.cancel()
    if process._keeping is not None:
        process._keeping.cancel()
        with suppress(asyncio.CancelledError):
            await process._keeping
    process._live.clear()


@ON_SQLITE
async def test_a_process_that_stops_hands_its_turns_over_at_once(panel: Panel, slow: SlowModel, monkeypatch):
    monkeypatch.setattr("server.conversations.streaming._PATIENCE_S", 0.05)
    conversation = await panel.opened()
    async with beginning(panel, conversation, slow, "evidence") as (stream, heard):
        await panel.app.state.panel.stop()
        assert await stream.rest() == []
        where = stream.answer.headers["location"].removeprefix("/api/v1")
    panel.app.state.panel = Process()
    async with panel.stream("GET", where, **{"Last-Event-ID": str(heard[-1].number)}) as again:
        assert kinds(await again.rest())[-1] == "interrupted"


@ON_SQLITE
async def test_a_model_that_does_not_begin_in_time_leaves_what_stands_without_it(panel: Panel):
    model = SlowModel([ANSWER])
    panel.app.state.service, endpoint = with_model(panel.world.service, model, first_word=0.2)
    for kind in ("question", "reply"):
        told = await panel.turn(await panel.opened(), kind, text="Where is my parcel?")
        assert told[-1].data["written_by"] == "composer"
        assert any("in time" in note for note in told[-1].data["notes"])
        assert told[-1].data["text"]
    await endpoint.aclose()


@ON_SQLITE
async def test_a_model_that_has_begun_may_take_longer(panel: Panel):
    model = SlowModel([ANSWER])
    panel.app.state.service, endpoint = with_model(panel.world.service, model, first_word=1.0)
    conversation = await panel.opened()
    async with beginning(panel, conversation, model, "evidence") as (stream, _):
        model.go(4)
        await stream.until("text")
        await asyncio.sleep(1.1)
        model.open()
        assert (await stream.rest())[-1].data["written_by"] == "model"
    await endpoint.aclose()


@ON_SQLITE
@pytest.mark.parametrize("said", [httpx.ConnectError("down"), "", "I cannot help with that request."])
async def test_a_model_that_is_down_or_says_nothing_leaves_nobody_with_nothing(panel: Panel, said):
    panel.app.state.service, endpoint = with_model(panel.world.service, ScriptedModel.of(always=said))
    for kind in ("question", "reply"):
        told = await panel.turn(await panel.opened(), kind, text="Where is my parcel?")
        assert told[-1].kind == "checked"
        assert told[-1].data["written_by"] == "composer"
        assert text_of(told) == told[-1].data["text"]
    await endpoint.aclose()


@ON_SQLITE
async def test_so_many_answers_are_written_at_once_in_a_session_and_no_more(panel: Panel, slow: SlowModel):
    conversation = await panel.opened()
    path = f"/conversations/{conversation}/turns"
    async with (
        panel.stream("POST", path, ASKED) as one,
        panel.stream("POST", path, ASKED) as two,
        panel.stream("POST", path, ASKED) as three,
    ):
        refused = await panel.ask("POST", path, ASKED)
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_turns")
        slow.open()
        for stream in (one, two, three):
            assert kinds(await stream.rest())[-1] == "checked"
    await panel.ask("POST", f"/conversations/{conversation}/close")
    closed = await panel.ask("POST", path, ASKED)
    assert (closed.status_code, closed.json()["code"]) == (409, "conversation_closed")


@ON_SQLITE
async def test_what_cannot_be_kept_is_kept_later_in_the_same_order(panel: Panel, slow: SlowModel, monkeypatch):
    monkeypatch.setattr("server.conversations.streaming._TRY_AGAIN_S", 0.05)
    failing = 2

    @asynccontextmanager
    async def unsteady(engine):
        nonlocal failing
        if failing:
            failing -= 1
            raise ConnectionRefusedError
        async with writing(engine) as session:
            yield session

    conversation = await panel.opened()
    async with beginning(panel, conversation, slow, "evidence") as (stream, heard):
        monkeypatch.setattr("server.conversations.streaming.writing", unsteady)
        slow.open()
        told = [*heard, *await stream.rest()]
    assert failing == 0
    assert [one.number for one in told] == list(range(1, len(told) + 1))
    assert text_of(told) == told[-1].data["text"] == SAID


@ON_SQLITE
async def test_who_is_signed_out_meanwhile_is_told_no_more(panel: Panel, slow: SlowModel, monkeypatch):
    monkeypatch.setattr("server.conversations.turn_endpoints._ASK_AGAIN_S", 0.0)
    conversation = await panel.opened()
    async with beginning(panel, conversation, slow, "evidence") as (stream, _):
        del panel.people["rep"]
        slow.open()
        [end] = await stream.rest()
    assert (end.kind, end.data["why"]) == ("stream.ended", "not_signed_in")
    [row] = await panel.world.rows(TurnRow)
    assert row.state in ("running", "checked"), "it is written all the same"


@ON_SQLITE
async def test_a_turn_that_cannot_be_kept_holds_up_no_other(panel: Panel, slow: SlowModel, monkeypatch):
    monkeypatch.setattr("server.conversations.streaming._TRY_AGAIN_S", 0.01)
    monkeypatch.setattr("server.conversations.streaming.LEASE", timedelta(seconds=0.1))
    first, second = await panel.opened(), await panel.opened()
    async with beginning(panel, first, slow, "evidence") as (broken, heard):
        keep_all = streaming._keep_all

        async def without_the_first(session, turns, now, *, renew):
            if heard[0].data["turn"] in turns:
                raise ValueError("cannot be kept")
            return await keep_all(session, turns, now, renew=renew)

        monkeypatch.setattr("server.conversations.streaming._keep_all", without_the_first)
        slow.open()
        assert (await panel.turn(second, text=ASKED["text"]))[-1].kind == "checked"
        panel.world.now += LEASE
        assert kinds(await broken.rest())[-1] == "interrupted"


@ON_SQLITE
async def test_a_rep_is_served_before_drafts_made_in_the_background(panel: Panel):
    world, model = panel.world, SlowModel([ANSWER])
    service, endpoint = with_model(world.service, model, concurrency=1)
    panel.app.state.service = world.service = service
    await world.post("Where is my order FH-10423? It is so late.")
    world.wait()
    one, two = await panel.opened(), await panel.opened()

    async def waiting(calls: int) -> None:
        while endpoint.state.waiting < calls:  # noqa: ASYNC110 - who waits for a place rings no bell
            await asyncio.sleep(0.005)

    first = asyncio.create_task(panel.turn(one, text=ASKED["text"]))
    await model.begun.wait()
    drafts = asyncio.create_task(world.work())
    await waiting(1)
    second = asyncio.create_task(panel.turn(two, text=ASKED["text"]))
    await waiting(2)
    model.open()
    await asyncio.gather(first, second, drafts)
    assert ["THE REP ASKS" in prompt_of(asked) for asked in model.asked[:3]] == [True, True, False]
    await endpoint.aclose()


@ON_SQLITE
async def test_what_was_shown_and_does_not_stand_is_replaced(panel: Panel):
    model = SlowModel(
        ["The parcel arrives tomorrow, 21 November, for 77.00 GBP [E16].", "The parcel is late [E16]."], piece=44
    )
    panel.app.state.service, endpoint = with_model(panel.world.service, model)
    conversation = await panel.opened()
    async with beginning(panel, conversation, model, "evidence") as (stream, heard):
        model.go(2)
        heard += await stream.until("text")
        model.open()
        told = [*heard, *await stream.rest()]
    assert "tomorrow" in text_of(heard)
    assert "replaced" in kinds(told)
    assert text_of(told) == told[-1].data["text"] == "The parcel is late."
    await endpoint.aclose()
