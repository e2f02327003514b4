"""A person's yes to what is said to everybody; and, where a rule asks for one, a second person's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from assistant.language_names import language_name
from assistant.outcome import Part
from server.db import writing
from server.drafts.approvals import Blocked, NotLookedAt, SamePerson, refuse_blanks
from server.drafts.readers import reads
from server.drafts.rules import Reason, ReviewRules, blocks_of, reasons_for_second, warnings_of
from server.errors import Conflict, NotFound
from server.events.log import record
from server.incidents import text_repository
from server.incidents.digests import digest_of
from server.incidents.finding import lock_incident
from server.incidents.states import Purpose
from server.limits.holding import review_rules
from server.models import DraftRow, IncidentRow, IncidentTextRow
from server.service import Service
from server.staff.roles import Caller


class TextNotFound(NotFound):
    """There is no such text of this incident."""

    def __init__(self) -> None:
        super().__init__("there is no such text of this incident")


class OtherText(Conflict):
    """It is not any more what the caller saw; the details tell what stands there."""


class TextNotApproved(Conflict):
    """No approval stands for exactly this text."""


@dataclass(frozen=True, slots=True)
class Yes:
    """How a person approves a text.

    `digest` is of what they saw; `confirmed`: they have read it and what the checks say; `override` is why it is sent
    although a check blocks it.
    """

    digest: str
    confirmed: bool = False
    override: str | None = None


async def approve_text(service: Service, caller: Caller, incident: str, text: str, yes: Yes) -> IncidentTextRow:
    """Approve a text of an incident: the first time, or as the second person.

    Raises:
        TextNotFound: It is none of this incident's.
        OtherText: It was replaced, or it stands otherwise than was seen.
        Blocked, NotLookedAt, NotFilledIn: It must not be approved on these terms.
        SamePerson: The second yes is somebody else's to give.
        Refused: As `lock_incident` says.
    """
    now = service.clock()
    async with writing(service.engine) as session:
        row = await lock_incident(session, caller, incident, closed_too=True)
        found = await text_repository.find_text(session, incident, text)
        if found is None:
            raise TextNotFound
        _refuse_other(row, found, yes)
        _refuse_findings(found, caller, yes)
        if found.approved_by is None:
            found.approved_by, found.approved_at, found.override = caller.id, now, yes.override
            step = 1
        else:
            if found.approved_by == caller.id:
                raise SamePerson("you approved it first; the second approval is somebody else's to give")
            found.seconded_by, found.seconded_at = caller.id, now
            step = 2
        row.version += 1
        told = {"text": text, "language": found.language, "digest": found.digest, "step": step, "by": caller.id}
        record(session, "incident.text_approved", incident, brand=row.brand, at=now, **told)
    return found


def _refuse_other(row: IncidentRow, text: IncidentTextRow, yes: Yes) -> None:
    if text.replaced_at is not None:
        raise OtherText("this text was replaced by another; read the incident again", version=row.version)
    if yes.digest != text.digest or digest_of(row, text) != text.digest:
        raise OtherText("this is not the text that you saw; read it again", digest=text.digest, version=row.version)


def _refuse_findings(text: IncidentTextRow, caller: Caller, yes: Yes) -> None:
    refuse_blanks(text.text, Part.PUBLIC)
    draft = _as_draft(text)
    blocks, warnings = blocks_of(draft), warnings_of(draft)
    if blocks and not (yes.override or text.override):
        words = f"a check blocks this text: {blocks[0]['reason']}; write another, or override the check with a reason"
        raise Blocked(words, findings=list(blocks))
    unread = text.statement is None and not reads(caller, text.language)
    if (blocks or warnings or unread) and not yes.confirmed:
        told = [item["reason"] for item in (*blocks, *warnings)]
        words = "; ".join(told or [f"you do not read {language_name(text.language)}"])
        raise NotLookedAt(
            f"read the text, then tick that you have (`confirmed`): {words}", language=text.language, wanted="confirmed"
        )


def reasons_for_two(text: IncidentTextRow, rules: ReviewRules, *, reach: int | None = None) -> list[Reason]:
    """Every rule that asks for a second person: for the text itself, or where so many people may read the answer."""
    draft = _as_draft(text)
    draft.reach = reach
    return reasons_for_second(draft, rules, holding=text.statement is not None)


def may_be_sent(row: IncidentRow, text: IncidentTextRow, rules: ReviewRules) -> bool:
    """Whether the text, as it stands, was approved by as many people as the rules ask for, whoever reads it."""
    stands = text.approved_by is not None and text.replaced_at is None and digest_of(row, text) == text.digest
    return stands and (text.seconded_by is not None or not reasons_for_two(text, rules))


async def texts_to_send(
    session: AsyncSession, service: Service, row: IncidentRow, purpose: Purpose, digests: Mapping[str, str]
) -> Sequence[IncidentTextRow]:
    """The approved texts that are meant, by language and digest.

    Raises:
        OtherText: One of them is not what stands there.
        TextNotApproved: One of them has not been approved by as many people as it needs.
    """
    rules = await review_rules(session, service.settings.knowledge, row.brand)
    there = {text.language: text for text in await text_repository.texts_of(session, row.id) if text.purpose == purpose}
    for language, digest in digests.items():
        text = there.get(language)
        if text is None or text.digest != digest:
            raise OtherText(f"this is not the text in “{language}” that stands there; read it again", language=language)
        if not may_be_sent(row, text, rules):
            why = "; ".join(reason.words for reason in reasons_for_two(text, rules))
            words = f"by a second person: {why}" if text.approved_by is not None and why else "as it is now"
            raise TextNotApproved(f"the text in “{language}” has to be approved {words}", language=language)
    return [there[language] for language in digests]


def _as_draft(text: IncidentTextRow) -> DraftRow:
    """The text as the rules of drafts look at one; it is never stored."""
    return DraftRow(
        id=text.id,
        brand=text.brand,
        case="",
        account="",
        state="pending",
        target_post="",
        target_version=1,
        public_text=text.text,
        claims=[],
        findings=text.checked["findings"],
        created_at=text.written_at,
        updated_at=text.written_at,
    )
