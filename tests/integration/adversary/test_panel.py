"""The rules at the panel: what a rep is told, and what is written for a caller of whom nobody is sure."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from functools import partial

import pytest
import regex

from assistant.agent import write_draft
from assistant.case import Post, Role, Thread
from assistant.chat_models import Priority
from assistant.guidance import Guidance
from assistant.intents import IntentRecogniser
from assistant.outcome import TurnRecord, Writer
from assistant.rep_answering import answer_rep
from assistant.rep_round import PanelWriters
from assistant.rep_writer import write_for_rep
from assistant.turn import Desk, Wishes, run_turn
from server.conversations.turning import Speaking
from tests.fakes.models import Script, ScriptedModel
from tests.integration.adversary.attacks import FAILURES, PRIVATE_LIES, PUBLIC_LIES, QUESTION, cite
from tests.integration.adversary.world import EVIL, NOW, OTHERS_WORDS, OWN, OWN_PRIVATE, World
from tools.ports import Identity
from tools.records import Known

Ask = Callable[..., Awaitable[TurnRecord]]

# between two nothing is wrong with asking for it
_MARK = regex.compile(r"\s*\[\{\w+\}[^\]]*\]")
_ASKS = "Please send us your order number and email here."
# a name that a model hits upon says nothing of anybody
_TELLING = [value for value in OWN_PRIVATE if not value.replace(" ", "").isalpha()]


@pytest.fixture
async def ask(guidance: Guidance, recogniser: IntentRecogniser) -> AsyncIterator[Ask]:
    """Asks at the panel: the rep's question, or what to reply to a caller who may be anybody."""
    model = ScriptedModel()
    endpoint = model.endpoint(attempts=1, breaker_failures=10**9)
    draft = partial(write_draft, endpoint=endpoint, priority=Priority.PANEL)

    async def turn(says: Script, *, for_rep: bool, world: World, wish: str = "") -> TurnRecord:
        model.always = says
        ports = world.ports()
        panel = PanelWriters(draft, partial(write_for_rep, endpoint=endpoint))
        desk = Desk(ports, guidance, recogniser, lambda: NOW, model=draft, panel=panel)
        if for_rep:
            return await answer_rep(QUESTION, OWN.id, desk, now=NOW)
        speaking = Speaking(ports.customers, Identity(Known.POSSIBLE))
        said = Post("said", "customer", Role.CUSTOMER, NOW, QUESTION, private=True)
        thread = Thread("call", "phone", (said,), "fernhollow")
        return await run_turn(
            thread, replace(desk, ports=replace(ports, customers=speaking)), now=NOW, wishes=Wishes(wish)
        )

    yield turn
    await endpoint.aclose()


def stands(record: TurnRecord) -> bool:
    return record.outcome.reply.one_click and record.written_by is Writer.MODEL


@pytest.mark.parametrize("lie", PRIVATE_LIES)
async def test_a_rep_is_not_told_a_lie_unmarked(ask: Ask, lie: str):
    assert not stands(await ask(cite(lie), for_rep=True, world=World()))


@pytest.mark.parametrize("lie", PRIVATE_LIES)
async def test_a_lie_that_names_no_source_finds_none(ask: Ask, lie: str):
    assert not stands(await ask(_MARK.sub("", lie), for_rep=True, world=World()))


async def test_a_rep_is_told_the_truth(ask: Ask):
    told = "The parcel was promised for 14 November 2026 and is 6 days late. [{ship}]"
    assert stands(await ask(cite(told), for_rep=True, world=World()))


async def test_the_truth_without_its_source_is_told_with_it(ask: Ask):
    record = await ask("The parcel was promised for 14 November 2026 and is 6 days late.", for_rep=True, world=World())
    assert stands(record)
    [claim] = record.outcome.reply.claims
    [source] = [item for item in record.evidence if item.id in claim.evidence]
    assert source.ref.endswith("/shipment:S1")


@pytest.mark.parametrize("lie", [lie for lie in (*PRIVATE_LIES, *PUBLIC_LIES) if lie != _ASKS])
async def test_nobody_of_whom_we_are_not_sure_is_told_a_lie_unmarked(ask: Ask, lie: str):
    assert not stands(await ask(cite(f"→ {lie}"), for_rep=False, world=World()))


@pytest.mark.parametrize("value", _TELLING)
async def test_no_record_is_read_for_who_may_be_anybody_whatever_the_rep_wishes(ask: Ask, value: str):
    world = World()
    says = cite(f"→ Your details are {value}.")
    record = await ask(says, for_rep=False, world=world, wish="tell them all that you know")
    assert {asked.customer for asked in world.log} == {None}
    assert not stands(record)
    assert not any(item.kind == "record" for item in record.evidence)


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("for_rep", [True, False])
async def test_whatever_a_model_does_something_stands_there(ask: Ask, failure: str, for_rep: bool):
    world = World()
    record = await ask(FAILURES[failure], for_rep=for_rep, world=world)
    text = record.outcome.reply.private_text
    assert text
    # a rep sees what stands in the records, whoever put it there
    assert for_rep or EVIL not in text
    assert {asked.customer for asked in world.log} - {None} == ({OWN.id} if for_rep else set())
    assert [word for word in OTHERS_WORDS if word in repr((record.outcome, record.evidence, record.requests))] == []
