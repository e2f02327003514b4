"""What people decide about drafts. Each decision is one transaction, made on the version and the words that were seen.

Whatever asks the shop, the index or the checks happens before that transaction. Two who decide at once cannot both:
the second is told who was first, what they did, when, and how it stands now.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.outcome import Part
from server.actions.of_drafts import expire_offers
from server.actions.undoing import approved_with, take_back_all
from server.db import reading, writing
from server.drafts import case_repository
from server.drafts.acting import Act, named_actions
from server.drafts.approvals import Terms, give_approval
from server.drafts.cases import close_case
from server.drafts.deciding import AlreadyGone, OpenDraft, Seen, open_draft, read_draft, refuse_stopping
from server.drafts.drafting import DISMISSED
from server.drafts.editing import Changes, Checked, check_texts, texts_after, write_texts
from server.drafts.moving import advance, already_decided, decide
from server.drafts.queue_repository import follow_case
from server.drafts.requesting import ask_for_draft
from server.drafts.rules import blocks_of
from server.drafts.states import DraftState, Move, move
from server.drafts.threads import read_case
from server.drafts.voiding import STALE, still_rests, supersede, supersede_open, void_approvals, void_draft
from server.errors import Conflict, Unavailable, Unprocessable
from server.incidents.leaving import taken_up
from server.models import DraftRow
from server.publications import returning
from server.saved_replies.using import Inserted, note_inserted
from server.service import Service
from server.staff.roles import Caller
from tools.ports import PortUnavailable


class DraftStale(Conflict):
    """What the draft rests on has changed; it is void as it is."""


class LeftAlready(Conflict):
    """A person has decided already that nothing is said."""


class NoDanger(Unprocessable):
    """There is no danger flag to dismiss."""


class CannotCheck(Unavailable):
    """What the draft rests on cannot be read at the moment."""


async def approve(
    service: Service,
    caller: Caller,
    draft_id: str,
    seen: Seen,
    terms: Terms,
    changes: Changes | None = None,
    actions: Sequence[str] | None = None,
    inserted: Sequence[Inserted] = (),
) -> DraftRow:
    """Approve a draft as it was seen, or with these changes; of what is out already nothing is sent again.

    Args:
        service: The process's.
        caller: Who approves.
        draft_id: The draft.
        seen: What they saw of it.
        terms: How they approve.
        changes: Texts to stand in its place.
        actions: Those proposed beside it that are approved with it. They are done first.
        inserted: The saved replies that were put into the changes.

    Raises:
        DraftStale: What it rests on has changed; its approval, if it had one, is void.
        Refused: As `open_draft`, `named_actions`, `check_texts` and `give_approval` say.
    """
    looked = await _look(service, caller, draft_id, seen)
    acts = await named_actions(service, caller, looked.draft, actions)
    checked = None
    if changes or (acts and _held_by_checks(looked.draft)):
        checked = await _check(service, looked.draft, texts_after(looked, changes or {}), acts)
    else:
        move(DraftState(looked.draft.state), Move.APPROVE)
        await _refuse_stale(service, caller, looked.draft, seen)
    now = service.clock()
    async with writing(service.engine) as session:
        opened = await open_draft(session, caller, draft_id, seen, now)
        if checked is not None:
            await write_texts(session, opened, caller, checked, now)
            await note_inserted(session, caller, opened.draft, inserted, now)
        await give_approval(session, service, caller, opened, terms, now, acts)
    service.wake()
    return opened.draft


async def edit(
    service: Service,
    caller: Caller,
    draft_id: str,
    seen: Seen,
    changes: Changes,
    inserted: Sequence[Inserted] = (),
) -> DraftRow:
    """Put a person's words in the draft's place; the findings are of the new words. Approvals of the old are void.

    Of an approved draft the part that waits is stopped; what is out stays out.

    Raises:
        Refused: As `open_draft`, `texts_after`, `check_texts` and `write_texts` say.
    """
    looked = await _look(service, caller, draft_id, seen)
    move(DraftState(looked.draft.state), Move.EDIT)
    refuse_stopping(caller, looked)
    checked = await _check(service, looked.draft, texts_after(looked, changes))
    now = service.clock()
    async with writing(service.engine) as session:
        opened = await open_draft(session, caller, draft_id, seen, now)
        acts = await approved_with(session, opened.draft)
        await write_texts(session, opened, caller, checked, now)
        await note_inserted(session, caller, opened.draft, inserted, now)
        await take_back_all(session, acts, "its draft was edited", now, by=caller.id)
    return opened.draft


async def put_aside(
    service: Service, caller: Caller, draft_id: str, seen: Seen, what: Move, reason: str, *, team: str | None = None
) -> DraftRow:
    """Reject a draft, hand its case over to a team, choose to answer nothing, or hold it; each with its reason.

    Raises:
        Refused: As `open_draft` says, or the draft cannot do that where it stands.
    """
    now = service.clock()
    async with writing(service.engine) as session:
        opened = await open_draft(session, caller, draft_id, seen, now)
        await move_aside(session, caller, opened, what, reason, now, team=team)
    return opened.draft


async def move_aside(
    session: AsyncSession,
    caller: Caller,
    opened: OpenDraft,
    what: Move,
    reason: str,
    now: datetime,
    *,
    team: str | None = None,
) -> None:
    """The same with a draft that this transaction has opened.

    Raises:
        LeftAlready: A person has said before that it is not answered.
        IllegalMove: The draft cannot do that where it stands.
    """
    state = DraftState(opened.draft.state)
    move(state, what)
    if state is DraftState.NO_REPLY and what is Move.NO_REPLY and not opened.case.open:
        raise LeftAlready("it was left unanswered already; it can be taken up again")
    await void_approvals(session, opened.draft, reason, now)
    values: dict[str, Any] = {"team": team} if team else {}
    after = {"team": team} if team else None
    await advance(session, opened.draft, what, now, by=caller.id, reason=reason, after=after, **values)
    await _after(session, opened, what, team, reason, now)


async def _after(
    session: AsyncSession, opened: OpenDraft, what: Move, team: str | None, reason: str, now: datetime
) -> None:
    case = opened.case
    case.claimed_by = case.claimed_until = None
    case.updated_at = now
    if team is not None:
        case.team, case.assigned_to = team, None
        await follow_case(session, case)
    if what is Move.REJECT:
        await expire_offers(session, opened.draft, f"its draft was rejected: {reason}", now)
    if what in (Move.REJECT, Move.NO_REPLY):
        await close_case(session, case, now)
    case_repository.add(session, case)


async def release(service: Service, caller: Caller, draft_id: str, seen: Seen, reason: str) -> DraftRow:
    """Take up again what was handed over, held or not to be answered.

    Raises:
        Refused: As `open_draft` says, or the draft cannot do that where it stands.
    """
    now = service.clock()
    async with writing(service.engine) as session:
        opened = await open_draft(session, caller, draft_id, seen, now)
        await taken_up(session, opened.draft, now)
        due = opened.draft.due_at or opened.case.due_at or now
        await advance(
            session, opened.draft, Move.RELEASE, now, by=caller.id, reason=reason, one_click=False, due_at=due
        )
        opened.case.open, opened.case.updated_at = True, now
        case_repository.add(session, opened.case)
    return opened.draft


async def redraft(service: Service, caller: Caller, draft_id: str, seen: Seen, words: str | None) -> DraftRow:
    """Have it written anew, the way a person wishes; the new draft, which is being written.

    Raises:
        Refused: As `open_draft` says, or the draft cannot do that where it stands.
    """
    return await _anew(service, caller, draft_id, seen, words or "asked for a new draft", wish=words)


async def dismiss_danger(service: Service, caller: Caller, draft_id: str, seen: Seen, reason: str) -> DraftRow:
    """Say that the danger which was flagged is none; the new draft, which is being written.

    It holds for the posts as they stand: a newer one is looked at as if nobody had said anything.

    Raises:
        NoDanger: The draft has no such flag.
        Refused: As `open_draft` says, or the draft cannot do that where it stands.
    """
    return await _anew(service, caller, draft_id, seen, reason, dismiss=True)


async def _anew(
    service: Service,
    caller: Caller,
    draft_id: str,
    seen: Seen,
    reason: str,
    *,
    wish: str | None = None,
    dismiss: bool = False,
) -> DraftRow:
    now = service.clock()
    async with writing(service.engine) as session:
        opened = await open_draft(session, caller, draft_id, seen, now)
        draft, case = opened.draft, opened.case
        move(DraftState(draft.state), Move.SUPERSEDE)
        refuse_stopping(caller, opened)
        found = await read_case(session, case)
        if found is None:
            raise AlreadyGone("the post that this draft answers was deleted")
        dismissed = list((draft.record or {}).get(DISMISSED, ()))
        if dismiss:
            if draft.danger is None:
                raise NoDanger("this draft has no danger flag")
            dismissed.append(draft.danger)
            case.danger = None
        await taken_up(session, draft, now)
        acts = await approved_with(session, draft)
        await supersede(session, draft, reason, now, by=caller.id)
        await take_back_all(session, acts, reason, now, by=caller.id)
        await expire_offers(session, draft, reason, now)
        if dismiss:
            codes = {"danger": draft.danger, "version": draft.version}
            decide(session, draft, "dismiss_danger", now, by=caller.id, reason=reason, before=codes)
        # an older draft can be asked to be written anew while a newer one waits: one of a case is enough
        await supersede_open(session, case, reason, now, drafting_too=False)
        case.open = True
        new = await ask_for_draft(session, case, found.target, now, after=now, wish=wish, dismissed=dismissed)
        case_repository.add(session, case)
    service.wake()
    return new


async def take_back(service: Service, caller: Caller, draft_id: str, seen: Seen, reason: str) -> DraftRow:
    """Undo an approval, or the first of two, as long as something of the draft can be stopped; what is out stays out.

    Raises:
        AlreadyGone: All of it is being sent or has been.
        Refused: As `open_draft` says, or the draft is not approved.
    """
    now = service.clock()
    async with writing(service.engine) as session:
        opened = await open_draft(session, caller, draft_id, seen, now)
        move(DraftState(opened.draft.state), Move.TAKE_BACK)
        refuse_stopping(caller, opened)
        acts = await approved_with(session, opened.draft)
        await returning.take_back(session, draft_id, reason, now, by=caller.id)
        await take_back_all(session, acts, reason, now, by=caller.id)
    return opened.draft


async def _look(service: Service, caller: Caller, draft_id: str, seen: Seen) -> OpenDraft:
    """The draft before anything slow is done for it: who is late is told at once."""
    async with reading(service.engine) as session:
        opened = await read_draft(session, caller, draft_id)
        if opened.draft.version != seen.version:
            raise await already_decided(session, draft_id, seen.version, to=caller.id)
        return opened


def _held_by_checks(draft: DraftRow) -> bool:
    """Whether a check holds against texts, before anybody's approval, what an action approved with them may settle."""
    return draft.state == DraftState.PENDING and any(item["rule"] != STALE for item in blocks_of(draft))


async def _check(service: Service, draft: DraftRow, texts: Mapping[Part, str], acts: Sequence[Act] = ()) -> Checked:
    try:
        return await check_texts(service, draft, texts, acts)
    except PortUnavailable as error:
        raise CannotCheck(f"{error}: the text cannot be checked now") from error


async def _refuse_stale(service: Service, caller: Caller, draft: DraftRow, seen: Seen) -> None:
    """Make the draft void if what it rests on has changed, and say so."""
    try:
        changed = await still_rests(draft, service)
    except PortUnavailable as error:
        raise CannotCheck(f"{error}: whether the draft still holds cannot be known now") from error
    if changed is None:
        return
    now = service.clock()
    async with writing(service.engine) as session:
        opened = await open_draft(session, caller, draft.id, seen, now)
        await void_draft(session, opened.draft, changed, now)
    raise DraftStale(
        f"{changed}: edit the draft or have it written anew", state=opened.draft.state, version=opened.draft.version
    )
