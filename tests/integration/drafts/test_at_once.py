import asyncio
from collections import Counter
from datetime import timedelta

from server.drafts import review
from server.drafts.approvals import Terms
from server.drafts.moving import AlreadyDecided
from server.drafts.states import DraftState, Move
from server.models import DecisionRow, PublicationRow
from server.staff.roles import Role
from tests.fakes.cases import CaseWorld, person

RETURNS = "Can I return unused goods after 50 days?"
MANY = 50


async def test_of_fifty_approvals_at_once_one_wins_and_the_others_are_told_whose(world: CaseWorld):
    draft = await world.drafted(RETURNS)
    seen = await world.seen(draft.id)
    people = [person(name, Role.REP) for name in ("rep", "rep-2") for _ in range(MANY // 2)]
    results = await asyncio.gather(
        *(review.approve(world.service, one, draft.id, seen, Terms(confirmed=True)) for one in people),
        return_exceptions=True,
    )
    refused = [result for result in results if isinstance(result, BaseException)]
    assert {type(error) for error in refused} == {AlreadyDecided}
    assert len(refused) == MANY - 1
    [approval] = await world.approvals(draft.id)
    for error in refused:
        assert isinstance(error, AlreadyDecided)
        assert error.details["decision"]["by"] == approval.staff
        assert error.details["draft"]["state"] == DraftState.APPROVED
    [publication] = await world.rows(PublicationRow)
    assert publication.digest == approval.digest
    assert Counter(row.kind for row in await world.rows(DecisionRow, draft=draft.id))[Move.APPROVE] == 1


async def test_of_an_approval_and_a_new_post_at_once_never_both_count(world: CaseWorld):
    for number in range(6):
        draft = await world.drafted(RETURNS, thread=f"t{number}")
        seen = await world.seen(draft.id)
        approving = review.approve(world.service, person("rep", Role.REP), draft.id, seen, Terms(confirmed=True))
        await asyncio.gather(approving, world.post("wait!", thread=f"t{number}"), return_exceptions=True)
        assert (await world.draft(draft.id)).state == DraftState.SUPERSEDED
        states = {row.state for row in await world.rows(PublicationRow, draft=draft.id)}
        assert states <= {"withdrawn"}
        assert all(row.voided_at for row in await world.approvals(draft.id))


async def test_posts_of_one_person_at_once_open_one_case(world: CaseWorld):
    await asyncio.gather(*(world.post(f"hello {number}") for number in range(10)))
    case = await world.case()
    drafts = await world.rows(type(await world.newest()), case=case.id)
    assert [draft.state for draft in drafts] == [DraftState.DRAFTING]
    world.wait(timedelta(minutes=3))
    await world.work()
    assert (await world.newest()).state != DraftState.DRAFTING
