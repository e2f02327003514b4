"""What a text that has arrived on a network commits us to becomes a record, once for each of its sentences."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.commitments import is_commitment, order_in, without_greeting
from assistant.outcome import ClaimKind
from assistant.sentences import split_sentences
from server.drafts import case_repository
from server.drafts.repository import find_draft
from server.drafts.rests import ORDER
from server.events.log import record
from server.models import DraftRow, PromiseRow, PublicationRow
from server.models.ids import new_id
from server.promises import repository
from server.promises.carried_out import action_for, carried_out_by
from server.promises.due import due_of
from server.promises.overdue import watch
from server.promises.settling import CARRIED_OUT, settle
from server.promises.states import PromiseState


@dataclass(frozen=True, slots=True)
class _Said:
    """A sentence that promises something, its number in the text, and the orders of the records that it cites."""

    number: int
    sentence: str
    orders: tuple[str, ...]


async def note_promises(session: AsyncSession, publication: PublicationRow, now: datetime) -> None:
    """Note what was promised with a text that has just arrived.

    What it says is read from the text itself, as it was sent. The update that an incident's text promises has been
    noted before (server/incidents/arriving.py); whatever else that promises is a promise as any other.

    Args:
        session: The transaction of the arrival; the publication's case is locked in it.
        publication: It is sent.
        now: This moment.
    """
    draft = await find_draft(session, publication.draft)
    case = await case_repository.find_case(session, publication.case)
    account = await case_repository.account_of(session, publication.account)
    before = await repository.of_publication(session, publication.id)
    if draft is None or case is None or account is None or any(row.sentence is not None for row in before):
        return
    update = {row.said for row in before}
    actions = await repository.actions_of_draft(session, draft.id)
    for said in _promised(publication, draft):
        if said.sentence in update:
            continue
        row = _row(publication, draft, said, now)
        action = action_for(row, actions)
        row.action = action.id if action is not None else None
        due = due_of(said.sentence, draft.language, account.hours, row.made_at)
        row.first_due, row.due, row.due_said, row.author = due.at, due.at, due.said, case.author
        await add_promise(session, row, now)
        done = carried_out_by(row, actions)
        if done is not None:
            settle(session, row, PromiseState.KEPT, now, kept_with=done.id, reason=CARRIED_OUT)
    if publication.corrects is not None:
        await _drop_repeated(session, publication, publication.corrects, now)


async def add_promise(session: AsyncSession, promise: PromiseRow, now: datetime) -> None:
    """Keep a promise, tell of it, and have somebody look when it is due."""
    session.add(promise)
    await session.flush()
    told = {"case": promise.case, "publication": promise.publication, "incident": promise.incident}
    due = promise.due.isoformat() if promise.due else None
    record(session, "promise.made", promise.id, brand=promise.brand or "", at=now, due=due, **told)
    # everybody whom an incident's text has promised an update is told by who closes it, not one by one
    if promise.incident is None:
        await watch(session, promise, now)


def _row(publication: PublicationRow, draft: DraftRow, said: _Said, now: datetime) -> PromiseRow:
    turn = draft.record or {}
    return PromiseRow(
        id=new_id("promise"),
        brand=publication.brand,
        customer=turn.get("customer", {}).get("id"),
        order_id=order_in(said.sentence, said.orders),
        what=without_greeting(said.sentence),
        said=said.sentence,
        case=publication.case,
        draft=draft.id,
        publication=publication.id,
        sentence=said.number,
        made_at=publication.sent_at or now,
        state=PromiseState.OPEN,
    )


def _promised(publication: PublicationRow, draft: DraftRow) -> Iterator[_Said]:
    """The sentences of the text that promise something, each once."""
    claims = {claim["sentence"]: claim for claim in draft.claims if claim.get("part") == publication.part}
    refs = {item["id"]: item["ref"] for item in (draft.record or {}).get("evidence", ())}
    said: set[str] = set()
    for number, sentence in enumerate(split_sentences(publication.words)):
        claim = claims.get(sentence, {})
        told = ClaimKind(claim["kind"]) if claim else None
        if sentence not in said and is_commitment(sentence, told):
            said.add(sentence)
            yield _Said(number, sentence, _orders(refs.get(one, "") for one in claim.get("evidence", ())))


def _orders(refs: Iterable[str]) -> tuple[str, ...]:
    parts = (ref.partition(":") for ref in refs)
    return tuple(dict.fromkeys(rest.partition("/")[0] for kind, _, rest in parts if kind == ORDER))


async def _drop_repeated(session: AsyncSession, correction: PublicationRow, corrected: str, now: datetime) -> None:
    """What a correction says once more is promised with it, and not twice."""
    again = {row.said for row in await repository.of_publication(session, correction.id)}
    for old in await repository.lock_open_of(session, corrected):
        if old.said in again:
            settle(session, old, PromiseState.WITHDRAWN, now, reason="said again in a correction")
