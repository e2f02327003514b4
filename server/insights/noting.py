"""Noting what figures need, in the transaction in which it happens: a draft is written, shown, sent."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from server.db import writing
from server.drafts.states import DraftState, Move
from server.incidents.sending import TEXT
from server.insights import noting_repository as repository
from server.insights.changes import Used, how_used
from server.models import AnswerRow, ApprovalRow, DecisionRow, DraftFactsRow, DraftRow, PostRow, PublicationRow
from server.saved_replies.using import note_sent
from server.service import Service
from server.staff.roles import Caller

HOLDING = "holding"
"""In the decision that approves a draft: it says nothing but words that are approved for everybody."""

_REPEATS = "already_tried"
"""The rule of a finding: the text advises what was tried or advised before."""

_WAITS = frozenset({DraftState.PENDING, DraftState.AWAITING_SECOND, DraftState.HANDED_OVER, DraftState.HELD})


def note_drafted(session: AsyncSession, draft: DraftRow, post: PostRow, turn: Mapping[str, Any], now: datetime) -> None:
    """Note what a draft is about and what it cost.

    Args:
        session: The transaction that keeps the draft.
        draft: With the turn's columns in it.
        post: The one that it answers.
        turn: The turn's record as server/drafts/writing.py writes it.
        now: This moment.
    """
    session.add(
        DraftFactsRow(
            draft=draft.id,
            brand=draft.brand,
            account=draft.account,
            case=draft.case,
            post=post.id,
            posted_at=post.sent_at,
            written_at=now,
            written_by=draft.written_by,
            outcome=turn["outcome"],
            intent=turn["intent"],
            customer=turn["customer"]["id"],
            reason=draft.reason_code,
            danger=draft.danger,
            proposed=bool(draft.public_text or draft.private_text),
            tokens=turn["tokens"]["prompt"] + turn["tokens"]["completion"],
            cost=turn["cost"],
        )
    )


async def is_unseen(session: AsyncSession, caller: Caller, draft: DraftRow) -> bool:
    """Whether the caller is the first person who opens a draft that waits."""
    if caller.role is None or draft.state not in _WAITS:
        return False
    facts = await repository.find_facts(session, draft.id)
    return facts is not None and facts.shown_at is None


async def note_shown(service: Service, caller: Caller, draft: str, now: datetime) -> None:
    """Note that a person has opened a draft that nobody had seen, unless somebody is first. No transaction is open."""
    async with writing(service.engine) as session:
        await repository.mark_shown(session, draft, by=caller.id, at=now)


async def note_answer(session: AsyncSession, publication: PublicationRow) -> None:
    """Note what a text that has just arrived on its network is, and how far it is what was drafted.

    Args:
        session: The transaction of the arrival.
        publication: It is sent.
    """
    draft = await session.get(DraftRow, publication.draft)
    target = await session.get(PostRow, draft.target_post) if draft is not None else None
    if draft is None or target is None or publication.sent_at is None:
        return
    decisions = await repository.decisions_of(session, draft.id)
    turn = draft.record or {}
    shared = turn.get("incident") if turn.get(TEXT) else None
    session.add(
        AnswerRow(
            publication=publication.id,
            brand=publication.brand,
            account=publication.account,
            case=publication.case,
            draft=draft.id,
            post=target.id,
            part=publication.part,
            posted_at=target.sent_at,
            sent_at=publication.sent_at,
            holding=_is_holding(decisions),
            incident=shared,
            corrects=publication.corrects,
            asked_in_private=target.private_to is not None,
            points_to=_points_to(draft.claims, turn.get("evidence", ()), publication.part),
            repeats=any(one["rule"] == _REPEATS and one["part"] == publication.part for one in draft.findings),
            staff=_last_approval(await repository.approvals_of(session, draft.id), publication),
        )
    )
    saved = shared is None and await note_sent(session, publication)
    facts = await repository.find_facts(session, draft.id)
    if facts is not None and shared is None:
        sent = _joined({"public": draft.public_text, "private": draft.private_text})
        facts.used = how_used(_as_written(decisions) or sent, sent, draft.language) if facts.proposed else Used.NONE
        if saved and facts.proposed:
            facts.used = Used.SAVED_REPLY
        session.add(facts)


def _is_holding(decisions: Sequence[DecisionRow]) -> bool:
    approved = [one for one in decisions if one.kind == Move.APPROVE]
    return bool(approved and (approved[-1].after or {}).get(HOLDING))


def _as_written(decisions: Sequence[DecisionRow]) -> str | None:
    """The draft's text before anybody edited it; None: nobody did."""
    before = next((one.before for one in decisions if one.kind == Move.EDIT and one.before), None)
    return _joined(before) if before is not None else None


def _joined(texts: Mapping[str, str | None]) -> str:
    return "\n".join(text for part in ("public", "private") if (text := texts.get(part)))


def _points_to(claims: Iterable[Mapping[str, Any]], evidence: Iterable[Mapping[str, Any]], part: str) -> list[str]:
    """The ids of the destinations that a part's statements cite."""
    cited = {number for claim in claims if claim.get("part") == part for number in claim["evidence"]}
    refs = (str(item["ref"]) for item in evidence if item["id"] in cited and item["kind"] == "destination")
    return sorted({ref.partition(":")[2] for ref in refs})


def _last_approval(approvals: Sequence[ApprovalRow], publication: PublicationRow) -> str | None:
    fitting = [row for row in approvals if row.digest == publication.digest]
    return max(fitting, key=lambda row: (row.at, row.step)).staff if fitting else None
