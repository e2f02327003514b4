"""Making the documents of transcripts from the records.

A document is made anew each time and never changed: what is not in the records any more is not in it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from server.drafts.states import Move
from server.models import CaseRow, ConversationRow, KeptTurnRow, ScorecardRow
from server.transcripts import index_repository, timeline_repository
from server.transcripts.documents import Document, Facts, Text
from server.transcripts.timeline import POST, Around, Entry, entry_of
from server.transcripts.timeline_repository import OF_CASES, OF_CONVERSATIONS
from server.transcripts.views import text_of

_MOST_ENTRIES = 1_000
"""Of a longer transcript the newest are found."""

ACTION, PROMISE, OVERRIDE = "action", "promise", "override"
"""What a transcript may have."""

_YES = (Move.APPROVE.value, Move.ASK_SECOND.value)
"""Decisions whose reason is why a block was overridden."""


async def gather_documents(session: AsyncSession, ids: Collection[str]) -> list[Document]:
    """The documents of these cases and conversations, as the records are now; what is gone has none."""
    cases = await index_repository.cases_of(session, ids)
    alone = await index_repository.conversations_alone(session, ids)
    conversations = [*await timeline_repository.conversations_of(session, [case.id for case, _ in cases]), *alone]
    documents = {case.id: _of_case(case, channel) for case, channel in cases}
    documents |= {row.id: _of_conversation(row) for row in alone}
    entries = await _entries(session, documents, [case.id for case, _ in cases], conversations)
    around = await _read_around(session, entries)
    scores = await index_repository.scores_of(session, documents)
    for id_, document in documents.items():
        _fill(document, entries.get(id_, [])[-_MOST_ENTRIES:], around)
        for card in scores:
            if card.transcript == id_:
                _add_score(document, card)
    return list(documents.values())


def _of_case(case: CaseRow, channel: str) -> Document:
    document = Document(case.id, case.brand, channel, case.author, case.opened_at, case.opened_at, beside=case.author)
    document.facts["channel"].add(channel)
    return document


def _of_conversation(row: ConversationRow) -> Document:
    return Document(row.id, row.brand, row.channel, None, row.opened_at, row.opened_at)


async def _entries(
    session: AsyncSession,
    documents: Mapping[str, Document],
    cases: Collection[str],
    conversations: Sequence[ConversationRow],
) -> dict[str, list[Entry]]:
    """Every entry of each transcript, in the order of time."""
    found: dict[str, list[Entry]] = defaultdict(list)
    if cases:
        for case, post in await timeline_repository.posts_of(session, cases):
            found[case].append(Entry(post.id, POST, post.sent_at, post))
        for source in OF_CASES:
            for row in await timeline_repository.rows_of(session, source, cases):
                found[getattr(row, source.of)].append(entry_of(source, row))
    home = {row.id: row.case if row.case in documents else row.id for row in conversations}
    if home:
        for source in OF_CONVERSATIONS:
            for row in await timeline_repository.rows_of(session, source, home):
                found[home[getattr(row, source.of)] or ""].append(entry_of(source, row))
    for entries in found.values():
        entries.sort(key=lambda entry: (entry.at, entry.id))
    return found


async def _read_around(session: AsyncSession, entries: Mapping[str, Sequence[Entry]]) -> Around:
    """What of the rows around entries has words or facts."""
    every = [entry for each in entries.values() for entry in each]
    drafts = [entry.id for entry in every if entry.kind == "draft"]
    turns = [*drafts, *(entry.id for entry in every if entry.kind == "turn")]
    kept = await timeline_repository.kept_of(session, turns)
    unkept = [draft for draft in drafts if draft not in kept]
    edits = await timeline_repository.first_edits_of(session, unkept)
    return Around(
        kept=kept,
        first_edits=edits,
        requests={},
        versions={},
        attachments={},
        moves={},
        names={},
        drafts={},
        approved={},
    )


def _fill(document: Document, entries: Sequence[Entry], around: Around) -> None:
    for entry in entries:
        document.last_at = max(document.last_at, entry.at)
        _add_facts(document, entry, around.kept.get(entry.id))
        words = text_of(entry, around)
        if words:
            document.texts.append(Text(entry.id, entry.kind, entry.at, entry.by, words))
    if document.customer is not None:
        document.beside = f"{document.beside} {document.customer}"


def _add_facts(document: Document, entry: Entry, kept: KeptTurnRow | None) -> None:
    facts, row = document.facts, entry.row
    if entry.by is not None:
        facts["staff"].add(entry.by)
    customer = getattr(row, "customer", None) or (kept.customer if kept else None)
    if customer is not None:
        document.customer = customer
        facts["customer"].add(customer)
    if entry.kind in ("conversation", "turn", "draft"):
        _add(facts, "channel", [getattr(row, "channel", None)])
        _add(facts, "written_by", [getattr(row, "written_by", None)])
    if entry.kind == "draft":
        _add(facts, "outcome", [row.outcome])
        _add(facts, "rule", (finding["rule"] for finding in row.findings))
    if entry.kind in (ACTION, PROMISE):
        facts["has"].add(entry.kind)
    if entry.kind == "decision" and row.kind in _YES and row.reason:
        facts["has"].add(OVERRIDE)
    if kept is not None:
        _add(facts, "rule", (finding["rule"] for finding in kept.record.get("findings") or ()))
        _add(facts, "policy", _cited(kept.record))


def _cited(record: Mapping[str, Any]) -> Iterator[str]:
    """The documents that a text rests on: many more are read for each."""
    cited = {number for claim in record.get("claims") or () for number in claim["evidence"]}
    return (passage["document"] for passage in record.get("passages") or () if passage["evidence"] in cited)


def _add_score(document: Document, card: ScorecardRow) -> None:
    for whose, share in (("human", card.human_share), ("automatic", card.automatic_share)):
        if share is not None:
            document.facts[whose].add(str(share))


def _add(facts: Facts, name: str, values: Iterable[str | None]) -> None:
    facts[name].update(value for value in values if value)
