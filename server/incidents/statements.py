"""Words that were approved before: holding texts, and the prepared answers of documents, word for word."""

from datetime import datetime

from assistant.guidance import Brand, Holding
from assistant.outcome import Claim, ClaimKind, Part, Reply
from assistant.rechecking import Rechecked
from assistant.sentences import split_sentences
from server.service import Service
from tools.context import ToolContext
from tools.evidence import Evidence, EvidenceKind, Visibility
from tools.policies import note_passage
from tools.ports import Identity
from tools.records import Known, Passage

_HOLDING = "holding:"
_NOBODY = Identity(Known.UNKNOWN)


async def find_statement(
    service: Service, statement: str, text: str, *, brand: Brand, language: str, now: datetime
) -> Rechecked | None:
    """The text with the approved words that it is, as its source; None if it is not theirs, word for word.

    Args:
        service: The service.
        statement: "holding:<category>", or the id of a document with prepared answers.
        text: What is to be said.
        brand: Who says it.
        language: In which.
        now: The moment at which the document has to be in effect.

    Raises:
        PortUnavailable: The documents cannot be read now.
    """
    if statement.startswith(_HOLDING):
        holding = service.desk.guidance.holding(statement.removeprefix(_HOLDING), brand.id)
        return _of_holding(holding, text, language, now) if holding is not None else None
    opening = Passage(statement, statement, "", (), "", "public", 0.0, brand=brand.id)
    context = ToolContext(
        _NOBODY,
        brand=brand.id,
        channel="",
        language=language,
        region=brand.home_region,
        now=now,
        ports=service.desk.ports,
    )
    for passage in await service.desk.ports.passages.whole(opening):
        said = any(answer.text == text and answer.language == language for answer in passage.answers)
        if said and _is_in_effect(passage, now):
            return _approved(note_passage(context, passage), text, language, now)
    return None


def _of_holding(holding: Holding, text: str, language: str, now: datetime) -> Rechecked | None:
    if (language, text) not in set(holding.text.items()):
        return None
    source, ref = "Approved holding text", f"{_HOLDING}{holding.category}"
    words = Evidence("E1", EvidenceKind.POLICY, source, ref, text, Visibility.PUBLIC, now)
    return _approved(words, text, language, now)


def _is_in_effect(passage: Passage, now: datetime) -> bool:
    begun = passage.effective_from is None or passage.effective_from <= now.date()
    return begun and (passage.effective_to is None or now.date() <= passage.effective_to)


def _approved(words: Evidence, text: str, language: str, now: datetime) -> Rechecked:
    """What somebody has approved for publication rests on that, whoever else may read the document."""
    claims = tuple(Claim(Part.PUBLIC, one, ClaimKind.POLICY, (words.id,)) for one in split_sentences(text))
    return Rechecked(Reply(public_text=text, claims=claims), (words,), _NOBODY, language, now)
