"""Moving a draft to its next state: the one way, so that every move is legal, guarded, written down and told."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from server.drafts import case_repository, repository
from server.drafts.history import write_down
from server.drafts.states import DraftState, Move, move
from server.errors import Conflict
from server.events.log import record
from server.models import ApprovalRow, DecisionRow, DraftRow

# what an approval binds to is told with it, and so stands in the audit
_BOUND = ("digests", "step")
_TOLD = {
    Move.FINISH: "drafted",
    Move.HAND_OVER: "handed_over",
    Move.NO_REPLY: "left_unanswered",
    Move.HOLD: "held",
    Move.RELEASE: "released",
    Move.EDIT: "edited",
    Move.APPROVE: "approved",
    Move.ASK_SECOND: "approved_once",
    Move.REJECT: "rejected",
    Move.SUPERSEDE: "superseded",
    Move.VOID: "voided",
    Move.TAKE_BACK: "taken_back",
    Move.EXPIRE: "expired",
}

_SAID = {
    Move.FINISH: "wrote it",
    Move.HAND_OVER: "handed the case over",
    Move.NO_REPLY: "left the post unanswered",
    Move.HOLD: "held it",
    Move.RELEASE: "released it",
    Move.EDIT: "edited it",
    Move.APPROVE: "approved it",
    Move.ASK_SECOND: "approved it, and a second approval is awaited",
    Move.REJECT: "rejected it",
    Move.SUPERSEDE: "replaced it",
    Move.VOID: "made its approval void",
    Move.TAKE_BACK: "took its approval back",
    Move.EXPIRE: "let it expire",
    "dismiss_danger": "dismissed its danger flag",
}
"""What was done, in the words of a refusal."""


class AlreadyDecided(Conflict):
    """Somebody, or something, was first; the details show the first decision after the version that was seen."""


async def advance(
    session: AsyncSession,
    draft: DraftRow,
    what: Move,
    now: datetime,
    *,
    by: str | None = None,
    reason: str | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    **values: Any,  # noqa: ANN401 - columns of the draft
) -> None:
    """Make this move on the draft as it was read, with these other changes to it.

    Args:
        session: The transaction of the whole change.
        draft: As it was read; it is brought up to date.
        what: The move.
        now: This moment.
        by: The person who decided; None for the system.
        reason: Why, for people to read.
        before: Texts as they were, where they change.
        after: Texts and facts as they are now.
        **values: Columns that change with the state.

    Raises:
        IllegalMove: The draft, in its state, cannot.
        AlreadyDecided: It is not any more what was read.
    """
    state = move(DraftState(draft.state), what)
    seen = draft.version
    if not await repository.change_draft(session, draft, now, state=str(state), **values):
        raise await already_decided(session, draft.id, seen, to=by)
    told = {**(after or {}), "version": draft.version, "state": draft.state}
    decide(session, draft, str(what), now, by=by, reason=reason, before=before, after=told)
    record(
        session,
        f"draft.{_TOLD[what]}",
        draft.id,
        brand=draft.brand,
        at=now,
        case=draft.case,
        state=draft.state,
        version=draft.version,
        by=by,
        **{name: told[name] for name in _BOUND if name in told},
    )


def decide(
    session: AsyncSession,
    draft: DraftRow,
    kind: str,
    now: datetime,
    *,
    by: str | None,
    reason: str | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write into the case's history what was done to a draft, whether it moved or not."""
    write_down(session, draft, kind, now, draft=draft.id, by=by, reason=reason, before=before, after=after)


async def already_decided(session: AsyncSession, draft_id: str, seen: int, *, to: str | None = None) -> AlreadyDecided:
    """The refusal for `to`, who decides on the version `seen` of a draft that has changed since: who, what and when."""
    draft = await repository.find_draft(session, draft_id)
    later = [row for row in await repository.decisions_of(session, draft_id) if _version_of(row) > seen]
    first = min(later, key=_version_of, default=None)
    people = await case_repository.staff_of(session, [first.staff] if first and first.staff else [])
    approvals = await repository.standing_approvals(session, draft_id)
    return AlreadyDecided(
        _say(first, people[first.staff].name if first and first.staff in people else None, draft, to),
        decision=_show(first, people[first.staff].name if first and first.staff in people else None),
        draft=_show_now(draft, approvals),
    )


def _version_of(decision: DecisionRow) -> int:
    version = (decision.after or {}).get("version", 0)
    return version if isinstance(version, int) else 0


def _say(first: DecisionRow | None, name: str | None, draft: DraftRow | None, to: str | None) -> str:
    stands = f"; it is {draft.state.replace('_', ' ')} now" if draft else ""
    if first is None:
        return f"this draft has changed since you saw it{stands}"
    if first.staff is None:
        led, who = "this draft has changed since you saw it", "Deskside"
    elif first.staff == to:
        led, who = "you have changed it since", "you"
    else:
        who = name or "a colleague"
        led, who = f"{who} was first", "they"
    did = _SAID.get(first.kind, f"decided “{first.kind.replace('_', ' ')}”")
    why = f" ({first.reason})" if first.reason else ""
    return f"{led}: {who} {did} at {first.at:%H:%M:%S} UTC{why}{stands}"


def _show(first: DecisionRow | None, name: str | None) -> dict[str, Any] | None:
    if first is None:
        return None
    return {
        "id": first.id,
        "what": first.kind,
        "by": first.staff,
        "name": name,
        "at": first.at.isoformat(),
        "reason": first.reason,
    }


def _show_now(draft: DraftRow | None, approvals: Sequence[ApprovalRow]) -> dict[str, Any] | None:
    if draft is None:
        return None
    standing = [
        {"part": row.part, "step": row.step, "by": row.staff, "at": row.at.isoformat(), "digest": row.digest}
        for row in approvals
    ]
    return {"id": draft.id, "state": draft.state, "version": draft.version, "approvals": standing}
