"""Entries as the API tells them, and their words as searches find them."""

from collections.abc import Mapping
from typing import Any

from assistant.case import Role
from server.models import DecisionRow, DraftRow, KeptTurnRow, PromiseRow, PublicationRow, TurnRow
from server.staff.naming import Named
from server.transcripts.differences import changes
from server.transcripts.entry_views import (
    ActionEntry,
    ActionMove,
    AnyEntry,
    ConversationEntry,
    DecisionEntry,
    DraftEntry,
    EntryView,
    NoteEntry,
    PartChanges,
    PostEdit,
    PostEntry,
    PromiseEntry,
    PublicationEntry,
    RequestMade,
    Seen,
    SuggestionEntry,
    TurnEntry,
    Use,
)
from server.transcripts.timeline import Around, Entry
from server.web.addresses import PREFIX

_TEXTS = ("public", "private")


def entry_view(transcript: str, entry: Entry, around: Around, *, fully: bool) -> AnyEntry:
    """The entry as it is told; `fully`: with what it took, and what left for the model."""
    view: AnyEntry = _VIEWS[entry.kind](entry, around, _shared(transcript, entry, around), fully)
    return view


def link_of(transcript: str, entry: str) -> str:
    """Where an entry is found again."""
    return f"{PREFIX}/transcripts/{transcript}/entries/{entry}"


def _shared(transcript: str, entry: Entry, around: Around) -> dict[str, Any]:
    by = Named.among(around.names, entry.by)
    return {"id": entry.id, "at": entry.at, "by": by, "link": link_of(transcript, entry.id)}


def _post(entry: Entry, around: Around, shared: dict[str, Any], _fully: bool) -> PostEntry:
    row = entry.row
    versions = around.versions.get(row.id, ())
    texts = [*(version.text for version in versions), row.text]
    return PostEntry(
        **shared,
        role=Role(row.role),
        author=row.author,
        text=row.text,
        private=row.private_to is not None,
        deleted_at=row.deleted_at,
        attachments=[item.type for item in around.attachments.get(row.id, ())],
        edits=[
            PostEdit(version=version.version, until=version.until, changes=changes(version.text, texts[number + 1]))
            for number, version in enumerate(versions)
        ],
    )


def _draft(entry: Entry, around: Around, shared: dict[str, Any], fully: bool) -> DraftEntry:
    row: DraftRow = entry.row
    kept = around.kept.get(row.id)
    texts = first_texts(row, kept, around.first_edits.get(row.id))
    return DraftEntry(
        **shared,
        state=row.state,
        outcome=row.outcome,
        reason={"code": row.reason_code, "words": row.reason_words} if row.reason_code else None,
        team=row.team,
        language=row.language,
        public_text=texts["public"],
        private_text=texts["private"],
        written_by=row.written_by,
        seen=_seen(kept, shared["link"], around, fully),
    )


def first_texts(row: DraftRow, kept: KeptTurnRow | None, edit: DecisionRow | None) -> dict[str, str | None]:
    """What a draft said before anybody changed it."""
    if kept is not None:
        return {part: kept.record.get(f"{part}_text") for part in _TEXTS}
    if edit is not None and edit.before is not None:
        return {part: edit.before.get(part) for part in _TEXTS}
    return {"public": row.public_text, "private": row.private_text}


def _decision(entry: Entry, _around: Around, shared: dict[str, Any], _fully: bool) -> DecisionEntry:
    row: DecisionRow = entry.row
    before, after = row.before or {}, row.after or {}
    parts = [part for part in _TEXTS if row.kind == "edit" and before.get(part) != after.get(part)]
    facts = {name: value for name, value in {**before, **after}.items() if name not in _TEXTS}
    return DecisionEntry(
        **shared,
        what=row.kind,
        draft=row.draft,
        reason=row.reason,
        changes=[PartChanges(part=part, changes=changes(before.get(part), after.get(part))) for part in parts],
        facts=facts,
    )


def _action(entry: Entry, around: Around, shared: dict[str, Any], _fully: bool) -> ActionEntry:
    row = entry.row
    return ActionEntry(
        **shared,
        action=row.kind,
        order=row.order_id,
        arguments=row.arguments,
        amount=row.amount,
        currency=row.currency,
        reason=row.reason,
        consent=row.consent_quote,
        state=row.state,
        error=row.error,
        draft=row.draft,
        moves=[
            ActionMove(what=one.kind, by=Named.among(around.names, one.staff), at=one.at, reason=one.reason)
            for one in around.moves.get(row.id, ())
        ],
    )


def _publication(entry: Entry, around: Around, shared: dict[str, Any], _fully: bool) -> PublicationEntry:
    row: PublicationRow = entry.row
    draft = around.drafts[row.draft]
    first = first_texts(draft, around.kept.get(draft.id), around.first_edits.get(draft.id)).get(row.part)
    return PublicationEntry(
        **shared,
        approved_by=_approved(row.id, around),
        changes=changes(first, row.words) if first != row.words else [],
        **_columns(PublicationEntry, entry),
    )


def _promise(entry: Entry, around: Around, shared: dict[str, Any], _fully: bool) -> PromiseEntry:
    row: PromiseRow = entry.row
    approved = _approved(row.publication, around)
    return PromiseEntry(**shared, order=row.order_id, approved_by=approved, **_columns(PromiseEntry, entry))


def _approved(publication: str | None, around: Around) -> list[Named]:
    people = around.approved.get(publication, ()) if publication else ()
    return [named for one in people if (named := Named.among(around.names, one))]


def _note(entry: Entry, _around: Around, shared: dict[str, Any], _fully: bool) -> NoteEntry:
    return NoteEntry(**shared, text=entry.row.text)


def _conversation(entry: Entry, _around: Around, shared: dict[str, Any], _fully: bool) -> ConversationEntry:
    return ConversationEntry(**shared, **_columns(ConversationEntry, entry))


def _turn(entry: Entry, around: Around, shared: dict[str, Any], fully: bool) -> TurnEntry:
    row: TurnRow = entry.row
    seen = _seen(around.kept.get(row.id), shared["link"], around, fully)
    return TurnEntry(**shared, what=row.kind, seen=seen, **_columns(TurnEntry, entry))


def _suggestion(entry: Entry, _around: Around, shared: dict[str, Any], _fully: bool) -> SuggestionEntry:
    row = entry.row
    taken = changes(row.text, row.used) if row.used is not None and row.used != row.text else []
    return SuggestionEntry(**shared, what=row.kind, changes=taken, **_columns(SuggestionEntry, entry))


_VIEWS: Mapping[str, Any] = {
    "post": _post,
    "draft": _draft,
    "decision": _decision,
    "action": _action,
    "publication": _publication,
    "promise": _promise,
    "note": _note,
    "conversation": _conversation,
    "turn": _turn,
    "suggestion": _suggestion,
}


def _columns(view: type[EntryView], entry: Entry) -> dict[str, Any]:
    """What the row has under the same name."""
    own = set(view.model_fields) - set(EntryView.model_fields) - {"kind", "seen"}
    return {name: getattr(entry.row, name) for name in own if hasattr(entry.row, name)}


def _seen(kept: KeptTurnRow | None, link: str, around: Around, fully: bool) -> Seen | None:
    if kept is None:
        return None
    record = kept.record
    told = {name: record.get(name) for name in Seen.model_fields if name != "use"}
    lists = {name: value or [] for name, value in told.items() if name not in ("intent", "customer", "model")}
    asked = around.requests.get(kept.id, ())
    use = Use(
        model_calls=record.get("model_calls", 0),
        tokens=record.get("tokens", {}),
        cost=record.get("cost", 0.0),
        timings_ms=record.get("timings_ms", {}),
        requests=[
            RequestMade(number=one.number, digest=one.digest, size=one.size, link=f"{link}/requests/{one.number}")
            for one in asked
        ],
    )
    return Seen(**{**told, **lists, "use": use if fully else None})


def text_of(entry: Entry, around: Around) -> str:
    """The words of an entry that a search finds: what customers, staff and the assistant wrote."""
    return "\n".join(text for text in _WORDS[entry.kind](entry.row, around) if text)


def _draft_words(row: DraftRow, around: Around) -> list[str | None]:
    texts = first_texts(row, around.kept.get(row.id), around.first_edits.get(row.id))
    return [*texts.values(), row.reason_words]


def _decision_words(row: DecisionRow, _around: Around) -> list[str | None]:
    after = row.after or {}
    edited = [after.get(part) for part in _TEXTS] if row.kind == "edit" else []
    return [row.reason, *edited]


_WORDS: Mapping[str, Any] = {
    "post": lambda row, _around: [row.text],
    "draft": _draft_words,
    "decision": _decision_words,
    "action": lambda row, _around: [row.kind.replace("_", " "), row.order_id, row.reason, row.consent_quote],
    "publication": lambda row, _around: [row.text, row.withdraw_reason],
    "promise": lambda row, _around: [row.said or row.what, row.reason],
    "note": lambda row, _around: [row.text],
    "conversation": lambda row, _around: [row.confirmed_by],
    "turn": lambda row, _around: [row.asked, row.text],
    "suggestion": lambda row, _around: [row.text, row.used, row.reason],
}
