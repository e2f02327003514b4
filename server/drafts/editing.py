"""A person's own words in a draft: facts are read again, checks run again, every approval of the old words is void."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.outcome import Claim, ClaimKind, Part
from assistant.rechecking import Rechecked, recheck
from assistant.sourcing import Before
from server.db import reading
from server.drafts import case_repository, repository
from server.drafts.acting import Act, actions_told, as_facts, rests_on_actions
from server.drafts.deciding import AlreadyGone, OpenDraft, refuse_stopping
from server.drafts.moving import advance
from server.drafts.rests import rests_of_draft
from server.drafts.states import DraftState, Move
from server.drafts.threads import ReadCase, read_case
from server.drafts.voiding import void_approvals
from server.drafts.writing import claim_as_json, evidence_as_json, finding_as_json
from server.errors import Conflict, Unprocessable
from server.models import ActionRow, DraftRow
from server.publications.publishing import stop_unsent
from server.service import Service
from server.shop.folding import fold_channel
from server.staff.roles import Caller

Changes = Mapping[Part, str | None]
"""What is to stand in a draft's parts; None takes a part out, and a part that is not named stays as it is."""


class NothingToAnswer(Conflict):
    """The posts that the draft answers are gone."""


class NothingLeft(Unprocessable):
    """With these changes the draft would say nothing."""


@dataclass(frozen=True, slots=True)
class Checked:
    """Texts that were checked, the posts as they were read for that, and the actions that may be told of."""

    texts: Mapping[Part, str]
    found: ReadCase
    again: Rechecked
    told: Mapping[str, tuple[ActionRow, bool]] = field(default_factory=dict)


def texts_after(opened: OpenDraft, changes: Changes) -> Mapping[Part, str]:
    """What the draft says with these changes.

    Raises:
        AlreadyGone: A part that they change is out.
        NothingLeft: No text is left.
    """
    texts = {part: text for part, text in {**opened.texts, **changes}.items() if text}
    _refuse_changing_what_is_out(opened, texts)
    if not texts:
        raise NothingLeft("without a text this is no answer: keep a part of it, or choose no reply")
    return texts


def _refuse_changing_what_is_out(opened: OpenDraft, texts: Mapping[Part, str]) -> None:
    for part in opened.fixed:
        if texts.get(part) != opened.texts[part]:
            words = f"{opened.already_out}; leave the {part.value} text as it stands, or correct it once it is sent"
            raise AlreadyGone(words)


async def check_texts(
    service: Service, draft: DraftRow, texts: Mapping[Part, str], acts: Sequence[Act] = ()
) -> Checked:
    """Check what a person wants to send in place of the draft. No transaction may be open.

    What is approved with it may be told as done: it is sent only after that.

    Raises:
        NothingToAnswer: No post of the customer is left.
    """
    async with reading(service.engine) as session:
        case = await case_repository.find_case(session, draft.case)
        found = await read_case(session, case) if case else None
    if found is None:
        raise NothingToAnswer("the post that this draft answers was deleted")
    told = await actions_told(service, draft, acts)
    customer = ((draft.record or {}).get("customer") or {}).get("id")
    actions = as_facts(customer, told)
    desk = await service.desk_now()
    again = await recheck(texts, _before(draft), found.thread, desk, now=service.clock(), actions=actions)
    return Checked(texts, found, again, told)


async def write_texts(
    session: AsyncSession, opened: OpenDraft, caller: Caller, checked: Checked, now: datetime
) -> None:
    """Put the checked texts into the draft, in the transaction of the decision; `opened` is brought up to date.

    Raises:
        AlreadyGone: It is approved and all of it is out, or a part that is out would be changed.
        NotAllowed: It is approved, and they may not stop it.
        IllegalMove: It cannot be edited where it stands.
    """
    draft, again = opened.draft, _of_what_can_change(checked.again, opened)
    why = f"edited by {caller.name}"
    refuse_stopping(caller, opened)
    _refuse_changing_what_is_out(opened, checked.texts)
    if draft.state == DraftState.APPROVED:
        await stop_unsent(session, draft.id, why, now, by=caller.id)
    await void_approvals(session, draft, why, now)
    before = {"public": draft.public_text, "private": draft.private_text}
    after = {"public": checked.texts.get(Part.PUBLIC), "private": checked.texts.get(Part.PRIVATE)}
    out = {"out": opened.already_out} if opened.already_out else {}
    turn = _turn(draft, again)
    await advance(
        session,
        draft,
        Move.EDIT,
        now,
        by=caller.id,
        before=before,
        after=after | out | {"findings": turn["findings"]},
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
    rests += rests_on_actions(draft.id, again.leans, checked.told)
    await repository.replace_rests(session, draft.id, rests)


def _of_what_can_change(again: Rechecked, opened: OpenDraft) -> Rechecked:
    """Without what was found in a part that is out: it cannot be helped any more, and must not hold back the rest."""
    reply = replace(
        again.reply,
        claims=tuple(claim for claim in again.reply.claims if claim.part not in opened.fixed),
        findings=tuple(finding for finding in again.reply.findings if finding.part not in opened.fixed),
    )
    return replace(again, reply=reply)


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
