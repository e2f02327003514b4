"""When a customer deletes a post its words go wherever they were kept or quoted. What we have sent stays.

The networks ask for it within a day; it is done in the transaction that learns of it.
"""

from collections.abc import Collection, Iterable
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from server.models import PostRow
from server.policies import missing_repository
from server.privacy import repository
from server.privacy.repository import Row

DELETED = "(deleted by its author)"
"""What stands where the post was quoted."""

# Shorter words ("yes", "thanks") are other people's, too: only the post's own places are emptied of them.
_LEAST = 12


async def forget_quotes(session: AsyncSession, post: PostRow, *, names: Collection[str] = ()) -> None:
    """Take a post's words, as they stand and as they were before edits, out of what was made of them.

    These are drafts and turns of its thread with what they rest on, the requests to a model, what no policy answered
    in it, and what became of it in an incident. Its row still has its text. Where nothing but one of `names` stands,
    as the author of what is quoted for instance, it goes too.
    """
    versions = await repository.rows_among(session, "post_versions", "post", {post.id})
    words = [text for text in (post.text, *(row["text"] for row in versions)) if len(text) >= _LEAST]
    await repository.delete_rows(
        session, "post_versions", {repository.key_of("post_versions", row) for row in versions}
    )
    cases = await repository.rows_among(session, "cases", "thread", {post.thread})
    ids = {row["id"] for row in cases}
    await _forget_in(session, "drafts", await repository.rows_among(session, "drafts", "case", ids), post, words, names)
    kept = await repository.rows_among(session, "kept_turns", "case", ids)
    await _forget_in(session, "kept_turns", kept, post, words, names)
    own = {row["id"] for row in cases if row["folded_author"] == post.folded_author}
    await _empty_requests(
        session, {row["id"] for row in kept if row["case"] in own or _quotes(row["record"], words, names)}
    )
    await missing_repository.forget(session, cases=own)
    listed = await repository.rows_among(session, "incident_cases", "case", own)
    emptied = {repository.key_of("incident_cases", row): {"why": None} for row in listed if row["post"] == post.id}
    await repository.change_rows(session, "incident_cases", emptied)


async def _forget_in(
    session: AsyncSession, name: str, rows: Iterable[Row], post: PostRow, words: list[str], names: Collection[str]
) -> None:
    refs = (f"post:{post.id}", f"post:{post.network_id}")
    changes = {}
    for row in rows:
        record = row["record"]
        after = _without(record, refs, words, names)
        if after != record:
            changes[repository.key_of(name, row)] = {"record": after}
    await repository.change_rows(session, name, changes)


async def _empty_requests(session: AsyncSession, turns: set[str]) -> None:
    """A request can be kept as it left, or not at all; its digest stays."""
    rows = await repository.rows_among(session, "model_requests", "turn", turns)
    emptied = {repository.key_of("model_requests", row): {"body": b""} for row in rows}
    await repository.change_rows(session, "model_requests", emptied)


def _without(told: Any, refs: Collection[str], words: list[str], names: Collection[str]) -> Any:  # noqa: ANN401 - JSON
    """The same without the words, and without the text of a fact that is the post."""
    if isinstance(told, str):
        if told.removeprefix("@").casefold() in names:
            return DELETED
        for one in words:
            told = told.replace(one, DELETED)
        return told
    if isinstance(told, list):
        return [_without(value, refs, words, names) for value in told]
    if isinstance(told, dict):
        after = {name: _without(value, refs, words, names) for name, value in told.items()}
        if isinstance(arguments := after.get("arguments"), dict):
            after["arguments"] = {name: _unless_said(value, words) for name, value in arguments.items()}
        if after.get("ref") in refs and "text" in after:
            after["text"] = DELETED
        return after
    return told


def _unless_said(value: Any, words: list[str]) -> Any:  # noqa: ANN401 - JSON values
    """What a tool was asked for may be a piece of the post: an order's number, what was searched for."""
    said = isinstance(value, str) and bool(value) and any(value.casefold() in one.casefold() for one in words)
    return DELETED if said else value


def _quotes(told: Any, words: list[str], names: Collection[str]) -> bool:  # noqa: ANN401 - JSON values
    return bool(words or names) and _without(told, (), words, names) != told
