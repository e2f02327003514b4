import pytest

from assistant.outcome import Part
from server.drafts import review
from server.drafts.approvals import AskedInPrivate, Terms
from server.drafts.states import DraftState
from server.models import PublicationRow
from server.staff.roles import Role
from tests.fakes.cases import KNOWN, STRANGER, CaseWorld, person

LATE = "where is my order FH-10423? it was due on the 17th"
TENT = "my tent came with a torn seam"
REP = person("rep", Role.REP)
LOOKED = Terms(confirmed=True)

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.mark.parametrize(("author", "text"), [(KNOWN, LATE), (STRANGER, TENT)])
async def test_what_was_written_in_private_is_answered_in_private(world: CaseWorld, author: str, text: str):
    draft = await world.drafted(text, author, private_to="FernhollowHelp")
    assert draft.public_text is None
    assert draft.private_text
    assert {claim["part"] for claim in draft.claims} == {"private"}
    done = await review.approve(world.service, REP, draft.id, await world.seen(draft.id), LOOKED, None)
    assert done.state == DraftState.APPROVED
    assert [row.part for row in await world.rows(PublicationRow, draft=draft.id)] == ["private"]


async def test_nobody_can_answer_a_private_post_in_public(world: CaseWorld):
    draft = await world.drafted(LATE, private_to="FernhollowHelp")
    words = {Part.PUBLIC: "Thanks for asking!", Part.PRIVATE: draft.private_text or ""}
    with pytest.raises(AskedInPrivate):
        await review.approve(world.service, REP, draft.id, await world.seen(draft.id), LOOKED, words)


async def test_a_public_answer_names_nothing_that_was_named_in_private_alone(world: CaseWorld):
    await world.post(TENT, STRANGER, private_to="FernhollowHelp")
    draft = await world.drafted("so? any news?", STRANGER)
    assert "tent" not in (draft.public_text or "").lower()
    private = [item for item in (draft.record or {})["evidence"] if "torn seam" in item["text"]]
    assert {item["visibility"] for item in private} == {"customer"}
