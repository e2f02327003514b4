from functools import partial

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from assistant.outcome import Part
from assistant.translation import translate
from server.drafts.review import edit
from server.drafts.translating import LABEL, NoTranslator, NotTranslated, translate_draft
from server.staff.roles import Role
from tests.fakes.cases import CaseWorld, person
from tests.fakes.models import ScriptedModel

REP = person("rep", Role.REP)
LATE = "Where is my order FH-10423? It is so late."
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


async def test_a_translation_stands_beside_the_draft_labelled_and_masked(engine: AsyncEngine):
    model = ScriptedModel.of("Everyone reads this.", "Only they read <tracking-1>.", "Where is it?")
    endpoint = model.endpoint()
    world = await CaseWorld(engine, translate=partial(translate, endpoint=endpoint)).open()
    draft = await world.drafted(LATE)
    done = await translate_draft(world.service, REP, draft.id, "en")
    assert done.record is not None
    assert done.record["translation"] == {
        "to": "en",
        "label": LABEL,
        "public": "Everyone reads this.",
        "private": "Only they read 4242424242424242.",
        "post": "Where is it?",
    }
    assert (done.public_text, done.private_text) == (draft.public_text, draft.private_text)
    assert not any(b"4242424242424242" in body for body in model.bodies)
    changed = await edit(world.service, REP, draft.id, await world.seen(draft.id), {Part.PUBLIC: "Thank you."})
    assert "translation" not in (changed.record or {})
    await endpoint.aclose()


async def test_without_a_model_there_is_none(world: CaseWorld):
    draft = await world.drafted(LATE)
    with pytest.raises(NoTranslator):
        await translate_draft(world.service, REP, draft.id, "en")


async def test_a_model_that_is_down_translates_nothing(engine: AsyncEngine):
    endpoint = ScriptedModel.of(always=httpx.ConnectError("down")).endpoint(attempts=1)
    world = await CaseWorld(engine, translate=partial(translate, endpoint=endpoint)).open()
    draft = await world.drafted(LATE)
    with pytest.raises(NotTranslated):
        await translate_draft(world.service, REP, draft.id, "en")
    assert await world.draft(draft.id) == draft
    await endpoint.aclose()
