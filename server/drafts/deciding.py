"""What every decision on a draft begins with: it is of the version, and of the words, that the person saw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.outcome import Part
from server.drafts import case_repository, repository
from server.drafts.digests import digest
from server.drafts.moving import already_decided
from server.drafts.signing import Signing, ending
from server.drafts.states import DraftState
from server.errors import Conflict, NotAllowed, NotFound
from server.log_context import case_id
from server.models import AccountRow, CaseRow, DraftRow, PostRow, PublicationRow
from server.publications.out import find_out, nothing_waits, tell_what_is_out
from server.publications.repository import answers_to
from server.staff.roles import Caller, Permission, who_may


class DraftNotFound(NotFound):
    """There is no such draft, or not of the caller's brands."""

    def __init__(self) -> None:
        super().__init__("there is no such draft")


class CaseNotFound(NotFound):
    """There is no such case, or not of the caller's brands."""

    def __init__(self) -> None:
        super().__init__("there is no such case")


class OtherWords(Conflict):
    """The digests are not of what stands in this version of the draft."""


class CaseClaimed(Conflict):
    """Somebody else has the case; the details say who, and until when."""


class PeopleDecide(NotAllowed):
    """A machine's token cannot decide what is said to customers."""


class AlreadyGone(Conflict):
    """What should be stopped or changed is out, or gone; what was sent can be corrected, not changed."""


_APPROVED = frozenset({DraftState.AWAITING_SECOND, DraftState.APPROVED})
"""Somebody has said yes to the words of these, initials and all."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a person had before their eyes when they decided: the draft's version and the digest of each part."""

    version: int
    digests: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A draft with what it belongs to, and what was handed over in answer to its post: of it and of those before it.

    `signing`: whose initials its texts end with, as whoever opened it would approve it or as it was approved.
    """

    draft: DraftRow
    case: CaseRow
    account: AccountRow
    target: PostRow
    answers: Sequence[PublicationRow]
    signing: Signing = field(default_factory=Signing)

    @property
    def texts(self) -> dict[Part, str]:
        """What it says, by part."""
        both = {Part.PUBLIC: self.draft.public_text, Part.PRIVATE: self.draft.private_text}
        return {part: text for part, text in both.items() if text}

    @property
    def signatures(self) -> dict[Part, str]:
        """What is put after each text as it is sent: initials, or nothing."""
        out = self.out
        return {part: self._end_of(part, text, out.get(part)) for part, text in self.texts.items()}

    @property
    def digests(self) -> dict[str, str]:
        """What an approval of each part would bind to: its words with the initials at their end."""
        return {part.value: self._digest(part, end) for part, end in self.signatures.items()}

    @property
    def out(self) -> dict[Part, PublicationRow]:
        """Its parts that are out already, or may be: they are not sent again, and no approval covers them."""
        found = {
            part: find_out(self.answers, draft=self.draft.id, part=part.value, digest=partial(self._digest, part))
            for part in self.texts
        }
        return {part: row for part, row in found.items() if row is not None}

    def end_of(self, part: Part, text: str) -> str:
        """What would be put after these words, if they stood in this part."""
        return self._end_of(part, text, self.out.get(part))

    def _end_of(self, part: Part, text: str, out: PublicationRow | None) -> str:
        """What these words were sent or approved with; of other words what the viewer's approval would put there."""
        unchanged = text == self.texts.get(part)
        if unchanged and out is not None:
            return out.signature if out.digest == self._digest(part, out.signature) else ""
        if unchanged and self.draft.state in _APPROVED:
            return self.signing.approved.get(part, "")
        return ending(text, self.signing.initials, self.signing.form)

    def _digest(self, part: Part, end: str) -> str:
        return digest(
            brand=self.draft.brand,
            account=self.account.id,
            reply_to=self.target.network_id,
            recipient=self.target.author,
            part=part.value,
            text=self.texts[part] + end,
        )

    @property
    def fixed(self) -> frozenset[Part]:
        """Of those the ones that are out as this draft: their words cannot be changed any more."""
        return frozenset(part for part, row in self.out.items() if row.draft == self.draft.id)

    @property
    def to_send(self) -> dict[str, str]:
        """The digests of the parts that are not out: what an approval covers."""
        out = self.out
        return {part: bound for part, bound in self.digests.items() if Part(part) not in out}

    @property
    def already_out(self) -> str | None:
        """What is out already and what became of the rest, in words; None if nothing is."""
        return tell_what_is_out(self.answers, self.draft.id)


async def find_draft(session: AsyncSession, caller: Caller, draft_id: str) -> DraftRow:
    """The draft alone.

    Raises:
        DraftNotFound: None of the caller's brands.
    """
    draft = await repository.find_draft(session, draft_id, caller.brands)
    if draft is None:
        raise DraftNotFound
    return draft


async def read_draft(session: AsyncSession, caller: Caller, draft_id: str) -> OpenDraft:
    """The draft, to be looked at.

    Raises:
        DraftNotFound: None of the caller's brands.
    """
    draft = await find_draft(session, caller, draft_id)
    case = await case_repository.find_case(session, draft.case)
    if case is None:
        raise DraftNotFound
    return await _with_target(session, caller, draft, case)


async def open_draft(session: AsyncSession, caller: Caller, draft_id: str, seen: Seen, now: datetime) -> OpenDraft:
    """The draft, to be decided on in this transaction; its case is locked.

    Raises:
        DraftNotFound: None of the caller's brands.
        AlreadyDecided: It has changed since the person saw it.
        OtherWords: They saw other words than stand there.
        CaseClaimed: Somebody else has the case.
        PeopleDecide: A machine asks.
    """
    refuse_machines(caller)
    found = await repository.case_of_draft(session, draft_id, caller.brands)
    case = await case_repository.lock_case(session, found) if found else None
    draft = await repository.find_draft(session, draft_id, caller.brands)
    if draft is None or case is None:
        raise DraftNotFound
    if draft.version != seen.version:
        raise await already_decided(session, draft_id, seen.version, to=caller.id)
    opened = await _with_target(session, caller, draft, case)
    if opened.digests != dict(seen.digests):
        raise OtherWords(
            "the digests are not those of this version; read the draft again", version=draft.version, seen=seen.version
        )
    await refuse_claimed(session, case, caller, now)
    return opened


def refuse_stopping(caller: Caller, opened: OpenDraft) -> None:
    """Refuse what would stop an approved draft, as every change of it does, to who comes too late or may not.

    Raises:
        AlreadyGone: Nothing of it waits any more.
        NotAllowed: They may not stop what is about to be sent; the words say who can.
    """
    if opened.draft.state != DraftState.APPROVED:
        return
    if nothing_waits(row for row in opened.answers if row.draft == opened.draft.id):
        raise AlreadyGone(f"{opened.already_out}; correct it instead")
    if not caller.may(Permission.STOP_SENDING):
        words = f"this draft is approved and about to be sent; {who_may(Permission.STOP_SENDING)} can stop it"
        raise NotAllowed(words, permission=str(Permission.STOP_SENDING))


def refuse_machines(caller: Caller) -> None:
    """Refuse who is no person.

    Raises:
        PeopleDecide: A machine asks.
    """
    if caller.role is None:
        raise PeopleDecide("a person decides on drafts; use a personal token or sign in")


async def refuse_claimed(session: AsyncSession, case: CaseRow, caller: Caller, now: datetime) -> None:
    """Refuse who does not have a case that somebody has.

    Raises:
        CaseClaimed: Somebody else has it.
    """
    if case.claimed_by in (None, caller.id) or case.claimed_until is None or case.claimed_until <= now:
        return
    assert case.claimed_by is not None
    people = await case_repository.staff_of(session, [case.claimed_by])
    name = people[case.claimed_by].name if case.claimed_by in people else "a colleague"
    raise CaseClaimed(
        f"{name} has this case until {case.claimed_until:%H:%M} UTC; take it over with a reason if you must",
        by=case.claimed_by,
        name=name,
        until=case.claimed_until.isoformat(),
    )


async def _with_target(session: AsyncSession, caller: Caller, draft: DraftRow, case: CaseRow) -> OpenDraft:
    case_id.set(case.id)
    account = await case_repository.account_of(session, draft.account)
    target = await case_repository.post_of(session, draft.target_post)
    if account is None or target is None:
        raise DraftNotFound
    answers = await answers_to(session, target.network_id, case=case.id, draft=draft.id)
    return OpenDraft(draft, case, account, target, answers, await _signing(session, caller, draft, account))


async def _signing(session: AsyncSession, caller: Caller, draft: DraftRow, account: AccountRow) -> Signing:
    if draft.state not in _APPROVED:
        return Signing(caller.initials, account.initials)
    approvals = await repository.standing_approvals(session, draft.id)
    # the first person's: whoever approves second says yes to the same words
    first = {Part(approval.part): approval.signature for approval in reversed(approvals)}
    return Signing(caller.initials, account.initials, first)
