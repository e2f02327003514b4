"""A person's own words in a draft: facts are read again, checks run again, every approval of the old words is void."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.outcome import Claim, ClaimKind, Part
from assistant.rechecking import Before, Rechecked, recheck
from server.db import reading
from server.drafts import case_repository, repository
from server.drafts.deciding import OpenDraft
from server.drafts.moving import advance
from server.drafts.rests import rests_of_draft
from server.drafts.states import DraftState, Move
from server.drafts.threads import ReadCase, read_case
from server.drafts.voiding import void_approvals
from server.drafts.writing import claim_as_json, evidence_as_json, finding_as_json
from server.errors import Conflict
from server.models import DraftRow
from server.publications.publishing import stop_unsent
from server.service import Service
from server.shop.folding import fold_channel
from server.staff.roles import Caller


class NothingToAnswer(Conflict):
    """The posts that the draft answers are gone."""


class AlreadyGone(Conflict):
    """A part of the draft is being sent or has been; it can be corrected, not changed."""


@dataclass(frozen=True, slots=True)
class Checked:
    """Texts that were checked, and the posts as they were read for that."""

    texts: Mapping[Part, str]
    found: ReadCase
    again: Rechecked


async def check_texts(service: Service, draft: DraftRow, texts: Mapping[Part, str]) -> Checked:
    """Check what a person wants to send in place of the draft. No transaction may be open.

    Raises:
        NothingToAnswer: No post of the customer is left.
    """
    async with reading(service.engine) as session:
        case = await case_repository.find_case(session, draft.case)
        found = await read_case(session, case) if case else None
    if found is None:
        raise NothingToAnswer("the post that this draft answers was deleted")
    again = await recheck(texts, _before(draft), found.thread, service.desk, now=service.clock())
    return Checked(texts, found, again)


async def write_texts(
    session: AsyncSession, opened: OpenDraft, caller: Caller, checked: Checked, now: datetime
) -> None:
    """Put the checked texts into the draft, in the transaction of the decision; `opened` is brought up to date.

    Raises:
        AlreadyGone: It is approved, and a part of it is being sent or has been.
        IllegalMove: It cannot be edited where it stands.
    """
    draft, again = opened.draft, checked.again
    why = f"edited by {caller.name}"
    if draft.state == DraftState.APPROVED:
        if not await stop_unsent(session, draft.id, why, now, by=caller.id):
            raise AlreadyGone("a part of it is being sent or has been; correct it instead")
        await void_approvals(session, draft, why, now)
        await advance(session, draft, Move.VOID, now, by=caller.id, reason=why)
    await void_approvals(session, draft, why, now)
    before = {"public": draft.public_text, "private": draft.private_text}
    after = {"public": checked.texts.get(Part.PUBLIC), "private": checked.texts.get(Part.PRIVATE)}
    turn = _turn(draft, again)
    await advance(
        session,
        draft,
        Move.EDIT,
        now,
        by=caller.id,
        before=before,
        after=after,
        public_text=after["public"],
        private_text=after["private"],
        claims=turn["claims"],
        findings=turn["findings"],
        one_click=again.reply.one_click,
        edited_by=caller.id,
        record=turn,
    )
    link = await case_repository.standing_link(
        session,
        brand=draft.brand,
        channel=fold_channel(opened.account.channel),
        folded_handle=opened.case.folded_author,
    )
    rests = rests_of_draft(draft.id, turn, turn["claims"], checked.found.spoken, link)
    await repository.replace_rests(session, draft.id, rests)


def _before(draft: DraftRow) -> Before:
    claims = tuple(
        Claim(Part(item["part"]), item["sentence"], ClaimKind(item["kind"]), tuple(item["evidence"]))
        for item in draft.claims
    )
    evidence = (draft.record or {}).get("evidence", ())
    return Before(claims, {item["id"]: item["ref"] for item in evidence})


def _turn(draft: DraftRow, again: Rechecked) -> dict[str, Any]:
    """The record with the facts as they are now. A translation of the old words is none of the new."""
    kept = {name: value for name, value in (draft.record or {}).items() if name != "translation"}
    return {
        **kept,
        "customer": {"id": again.identity.customer, "known": again.identity.known.value},
        "public_text": again.reply.public_text,
        "private_text": again.reply.private_text,
        "claims": [claim_as_json(item) for item in again.reply.claims],
        "evidence": [evidence_as_json(item) for item in again.evidence],
        "findings": [finding_as_json(item) for item in again.reply.findings],
        "started_at": again.now.isoformat(),
    }
