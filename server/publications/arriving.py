"""What follows once a text is known to stand on the network."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from server.drafts.cases import close_case
from server.incidents.arriving import note_arrival
from server.insights.noting import note_answer
from server.jobs.queue import enqueue
from server.models import PostRow, PublicationRow
from server.models.ids import new_id
from server.promises.making import note_promises
from server.publications import repository
from server.publications.moving import advance
from server.publications.publishing import PRIVATE, enqueue_send, send_lane
from server.publications.states import PublicationMove
from server.shop.folding import fold_handle


async def arrive(
    session: AsyncSession,
    publication: PublicationRow,
    network_id: str | None,
    now: datetime,
    *,
    at: datetime | None = None,
) -> None:
    """The text is on the network: it becomes a post of the thread, and what waited for it goes on.

    Args:
        session: The transaction; the publication is locked in it.
        publication: It was being sent, or nobody knew.
        network_id: What the network calls it; None where a person only knows that it is there.
        now: This moment.
        at: When it was sent, where that is not now.
    """
    advance(session, publication, PublicationMove.ARRIVE, now)
    publication.network_id = network_id
    publication.sent_at = at or now
    publication.error = None
    await _add_to_thread(session, publication, now)
    await note_arrival(session, publication, now)
    await note_promises(session, publication, now)
    await note_answer(session, publication)
    for waiting in await repository.lock_waiting_for(session, publication.id):
        await enqueue_send(session, waiting, now, max(now, waiting.send_after))
    case = await repository.lock_case(session, publication.case)
    if case is not None and await repository.answer_is_complete(session, publication):
        await close_case(session, case, now)
    if publication.corrects is not None:
        await enqueue(
            session,
            "withdraw",
            lane=send_lane(publication.account),
            payload={"publication": publication.corrects, "corrected_by": publication.id},
            now=now,
            brand=publication.brand,
            key=f"withdraw:{publication.corrects}",
        )


async def _add_to_thread(session: AsyncSession, publication: PublicationRow, now: datetime) -> None:
    """Our text as a post. The network may have told us of it before we knew that it had taken it."""
    account = await repository.find_account(session, publication.account)
    draft = await repository.find_draft(session, publication.draft)
    target = await repository.find_post(session, draft.target_post) if draft else None
    if account is None or target is None:
        return
    network_id = publication.network_id or publication.key
    private_to = target.folded_author if publication.part == PRIVATE else None
    known = await repository.post_on_network(session, account.id, network_id)
    if known is not None:
        known.private_to = private_to
        return
    session.add(
        PostRow(
            id=new_id("post"),
            brand=account.brand,
            account=account.id,
            thread=target.thread,
            network_id=network_id,
            in_reply_to=publication.reply_to,
            author=account.handle,
            folded_author=fold_handle(account.handle),
            role="brand",
            text=publication.text,
            language=draft.language if draft else None,
            private_to=private_to,
            sent_at=publication.sent_at or now,
            received_at=now,
        )
    )
