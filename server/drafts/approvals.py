"""A person's yes to exactly these words; and, where a rule asks for one, a second person's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.language_names import language_name
from assistant.outcome import Part
from assistant.reading.blanks import find_blanks
from server.drafts import case_repository, repository
from server.drafts.acting import Act, approve_acts
from server.drafts.deciding import OpenDraft
from server.drafts.lengths import too_long_signed
from server.drafts.moving import advance
from server.drafts.ranks import OVERDUE
from server.drafts.readers import is_holding_text, languages_on_duty, reads
from server.drafts.rules import blocks_of, reasons_for_second, warnings_of
from server.drafts.states import DraftState, Move, move
from server.drafts.voiding import STALE
from server.errors import NotAllowed, Unprocessable
from server.insights.noting import HOLDING
from server.limits.holding import review_rules
from server.models import ApprovalRow
from server.models.ids import new_id
from server.publications.publishing import AlreadyOnItsWay, ApprovalDoesNotFit, publish, refuse_moment
from server.publications.states import PublicationState
from server.service import Service
from server.staff.roles import Caller, Permission, who_may

TRANSLATION = "translation"
"""In a draft's record: what a machine made of texts that nobody on duty reads."""


class Blocked(Unprocessable):
    """A finding keeps it from being approved; the details name the rules."""


class NotLookedAt(Unprocessable):
    """It must be read before it is approved: one click is not enough."""


class NotRead(NotLookedAt):
    """They do not read the language themselves: somebody on duty does, or a machine has translated it for them."""


class NobodyReadsIt(Unprocessable):
    """Nobody on duty reads the language, and it is no approved holding text."""


class NothingToApprove(Unprocessable):
    """The draft has no text that is not out already."""


class AskedInPrivate(Unprocessable):
    """What somebody wrote to us alone is not answered where everybody reads it."""


class TooLongSigned(Unprocessable):
    """With the initials at its end the network does not take it; the details say by how much."""


class NotFilledIn(Unprocessable):
    """Something in it was to be filled in and is not; the details name what. No override helps."""


class OthersOverride(NotAllowed):
    """A finding keeps it from being approved, and who may override that is somebody else."""


class OthersGiveSecond(NotAllowed):
    """It needs a second yes, which is not theirs to give."""


class SamePerson(NotAllowed):
    """The second yes must be somebody else's."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a person approves.

    `confirmed`: they have read the draft and what the checks say of it, so that one click was not all. `override` is
    why they send it although a finding blocks it. `at` is when it is to be sent; None: as soon as it may.
    """

    confirmed: bool = False
    override: str | None = None
    at: datetime | None = None


async def give_approval(
    session: AsyncSession,
    service: Service,
    caller: Caller,
    opened: OpenDraft,
    terms: Terms,
    now: datetime,
    acts: Sequence[Act] = (),
) -> None:
    """Approve the draft as it is: the first time, or as the second person; what is approved is handed over to be sent.

    With `acts` these are approved first, and the texts wait until they are done.

    Raises:
        IllegalMove: It cannot be approved where it stands.
        Blocked, NotLookedAt, NobodyReadsIt, NothingToApprove, TooLongSigned: It must not be approved as it is.
        NotAllowed: Somebody else has to.
    """
    draft = opened.draft
    for part, text in opened.texts.items():
        if part not in opened.out:
            refuse_blanks(text, part)
    await refuse_approval(session, service, caller, opened, terms, now)
    _refuse_too_long(opened)
    if draft.state == DraftState.AWAITING_SECOND:
        await approve_acts(session, service, caller, draft, acts, ())
        await _approve(session, service, caller, opened, terms, now, step=2)
        return
    rules = await review_rules(session, service.settings.knowledge, draft.brand)
    holding = is_holding_text(opened, service.desk.guidance)
    reasons = reasons_for_second(draft, rules, holding=holding)
    reasons = await approve_acts(session, service, caller, draft, acts, reasons) if acts else reasons
    if not reasons:
        await _approve(session, service, caller, opened, terms, now, step=1)
        return
    _add_approvals(session, opened, caller, now, step=1)
    why = {"second": [{"rule": str(item.why), "words": item.words} for item in reasons]}
    at = {"at": terms.at.isoformat()} if terms.at else {}
    await advance(
        session, draft, Move.ASK_SECOND, now, by=caller.id, reason=terms.override, after=why | at, one_click=False
    )
    _let_go(session, opened, now)


async def refuse_approval(
    session: AsyncSession, service: Service, caller: Caller, opened: OpenDraft, terms: Terms, now: datetime
) -> None:
    """Refuse what must not be approved by this person or on these terms; nothing is changed.

    Raises:
        Refused: As `give_approval` says.
    """
    move(DraftState(opened.draft.state), Move.APPROVE)
    if not opened.texts:
        raise NothingToApprove("there is no text; write one, or choose no reply")
    if opened.target.private_to is not None and Part.PUBLIC in opened.texts:
        raise AskedInPrivate("the customer wrote this in private: answer in the private part, and take out the public")
    _refuse_out(opened)
    refuse_moment(terms.at, now)
    _refuse_findings(opened, caller, terms)
    await refuse_unread(session, service, caller, opened, terms, now)
    if opened.draft.state == DraftState.AWAITING_SECOND:
        await _refuse_second(session, opened, caller)


async def _approve(
    session: AsyncSession,
    service: Service,
    caller: Caller,
    opened: OpenDraft,
    terms: Terms,
    now: datetime,
    *,
    step: int,
) -> None:
    _add_approvals(session, opened, caller, now, step=step)
    await session.flush()
    bound = {"digests": opened.to_send, "step": step}
    if is_holding_text(opened, service.desk.guidance):
        bound[HOLDING] = True
    await advance(session, opened.draft, Move.APPROVE, now, by=caller.id, reason=terms.override, after=bound)
    _let_go(session, opened, now)
    approvals = await repository.standing_approvals(session, opened.draft.id)
    undo = timedelta(seconds=service.settings.undo_seconds)
    at = terms.at or await _wished_for(session, opened, step, now)
    await publish(session, opened.draft, approvals, opened.account, opened.target, now, undo=undo, at=at)


async def _wished_for(session: AsyncSession, opened: OpenDraft, step: int, now: datetime) -> datetime | None:
    """When the first person wanted it to be sent, if that is still to come."""
    if step == 1:
        return None
    asked = [row for row in await repository.decisions_of(session, opened.draft.id) if row.kind == Move.ASK_SECOND]
    told = (asked[-1].after or {}).get("at") if asked else None
    at = datetime.fromisoformat(told) if told else None
    return at if at is not None and at > now else None


def _add_approvals(session: AsyncSession, opened: OpenDraft, caller: Caller, now: datetime, *, step: int) -> None:
    signatures = opened.signatures
    for part, bound in opened.to_send.items():
        approval = ApprovalRow(
            id=new_id("approval"),
            brand=opened.draft.brand,
            draft=opened.draft.id,
            part=part,
            step=step,
            digest=bound,
            signature=signatures[Part(part)],
            staff=caller.id,
            at=now,
        )
        case_repository.add(session, approval)


def _let_go(session: AsyncSession, opened: OpenDraft, now: datetime) -> None:
    """Who has decided is done with the case: the second person need not take it over."""
    opened.case.claimed_by = opened.case.claimed_until = None
    opened.case.updated_at = now
    case_repository.add(session, opened.case)


def _refuse_out(opened: OpenDraft) -> None:
    """Refuse what depends on a part of which nobody knows yet, and what would send nothing."""
    for part, row in opened.out.items():
        if row.state != PublicationState.SENT:
            words = f"{opened.already_out}; wait until that is known, or settle it"
            raise AlreadyOnItsWay(words, part=part.value, publication=row.id, state=str(row.state))
    if not opened.to_send:
        raise NothingToApprove(f"{opened.already_out}; there is nothing else to send: write it, or choose no reply")


def _refuse_too_long(opened: OpenDraft) -> None:
    """Refuse what fits without the initials and not with them; what is too long by itself a check has found."""
    for found in too_long_signed(opened):
        raise TooLongSigned(f"{found['reason']}; shorten it", part=found["part"])


def refuse_blanks(text: str, part: Part) -> None:
    """Refuse what would send a variable of a saved reply in place of what belongs there.

    Raises:
        NotFilledIn: It would.
    """
    if blanks := find_blanks(text):
        words = f"{{{{{blanks[0]}}}}} is not filled in: write what belongs there"
        raise NotFilledIn(words, part=part.value, variables=blanks)


def _refuse_findings(opened: OpenDraft, caller: Caller, terms: Terms) -> None:
    draft = opened.draft
    blocks, warnings = blocks_of(draft), warnings_of(draft)
    # with an edit nothing of it is kept where the words could be read otherwise
    shown = [{name: item[name] for name in ("rule", "part", "sentence", "reason")} for item in blocks]
    stale = next((item for item in blocks if item["rule"] == STALE), None)
    if stale is not None:
        raise Blocked(f"{stale['reason']}: edit the draft or have it written anew", findings=shown)
    first = draft.state == DraftState.PENDING
    if blocks and first and not terms.override:
        raise Blocked(
            f"a check blocks this draft: {blocks[0]['reason']}; edit it, or {_way_past(caller)}", findings=shown
        )
    if blocks and not caller.may(Permission.OVERRIDE_BLOCK):
        words = f"a check blocks this draft; {who_may(Permission.OVERRIDE_BLOCK)} can override it"
        raise OthersOverride(words, findings=shown, permission=Permission.OVERRIDE_BLOCK)
    if (not draft.one_click or draft.rank == OVERDUE) and not terms.confirmed:
        words = "; ".join(item["reason"] for item in (*blocks, *warnings)) or _why_read(opened)
        raise NotLookedAt(f"read the draft, then tick that you have (`confirmed`): {words}", wanted="confirmed")


def _way_past(caller: Caller) -> str:
    """How a block is overridden, told to somebody who may or who has to ask."""
    if caller.may(Permission.OVERRIDE_BLOCK):
        return "override the check with a reason"
    return f"ask {who_may(Permission.OVERRIDE_BLOCK)} to override the check"


def _why_read(opened: OpenDraft) -> str:
    if opened.draft.rank == OVERDUE:
        return "something that was promised is overdue: see whether this keeps it"
    second = opened.draft.state == DraftState.AWAITING_SECOND
    return "it needs a second person's look" if second else "one click is not enough for it"


async def refuse_unread(
    session: AsyncSession, service: Service, caller: Caller, opened: OpenDraft, terms: Terms, now: datetime
) -> None:
    """Refuse what this person cannot read; nothing is changed. Words approved for everybody need no reader.

    Raises:
        NobodyReadsIt: Nobody on duty reads it, and no machine has translated it into what they read.
        NotRead: They have not confirmed that they approve it all the same.
    """
    language = opened.draft.language
    if language is None or reads(caller, language) or is_holding_text(opened, service.desk.guidance):
        return
    name = language_name(language)
    if language not in await languages_on_duty(session, opened.draft.brand, caller, now):
        translated = (opened.draft.record or {}).get(TRANSLATION)
        if translated is None or not reads(caller, translated["to"]):
            words = f"nobody on duty reads {name}: send the approved holding text, have it translated, or wait"
            raise NobodyReadsIt(words, language=language)
        by, who = "machine", "you see a machine's translation"
    else:
        by, who = "colleague", "a colleague on duty does"
    if not terms.confirmed:
        words = f"you do not read {name}; {who}: confirm that you approve it all the same"
        raise NotRead(words, language=language, read_by=by)


async def _refuse_second(session: AsyncSession, opened: OpenDraft, caller: Caller) -> None:
    if not caller.may(Permission.APPROVE_SECOND):
        words = f"this needs a second approval; {who_may(Permission.APPROVE_SECOND)} can give it"
        raise OthersGiveSecond(words, permission=Permission.APPROVE_SECOND)
    first: Sequence[ApprovalRow] = await repository.standing_approvals(session, opened.draft.id)
    if caller.id in {approval.staff for approval in first}:
        raise SamePerson("you approved it first; the second approval is somebody else's to give")
    if {approval.part for approval in first} != opened.to_send.keys():
        words = "what is out of it has changed since the first approval; take that back and approve it anew"
        raise ApprovalDoesNotFit(words)
