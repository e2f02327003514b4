"""What the draft's checks say of a saved reply before there is a case: what it promises and no policy bears out."""

import regex

from assistant.guidance import Brand
from assistant.outcome import Part, Severity
from assistant.reading.blanks import fill_blanks, find_blanks
from assistant.rechecking import check_for_many
from assistant.sentences import split_sentences
from assistant.turn import Desk
from server.faults import Fault
from server.saved_replies.entries import SavedReplyEntry
from server.saved_replies.faults import Known, samples_for, text_field
from server.saved_replies.variables import VARIABLES

_TOLD_BY_FAULTS = frozenset({"length", "link", "email", "phone", "handle", "avoided"})
_ONLY_IN_PUBLIC = frozenset({"private_data", "asks_private_data"})
_SPACE = regex.compile(r"\s+(?=[,.!?])")


async def unsupported(entry: SavedReplyEntry, known: Known, desk: Desk) -> list[Fault]:
    """Each statement of its texts that would hold a draft back in every case.

    What names the customer's record is left to the draft's own checks: it rests on a record, and there is none yet.

    Raises:
        PortUnavailable: The policies cannot be read.
    """
    brand = known.brand(entry.brand)
    assert brand is not None
    channels = entry.channels or tuple(sorted(known.channels[brand.id]))
    found: list[Fault] = []
    for language, part, text in entry.parts():
        said = _general(text, known, brand, language)
        if not said:
            continue
        checked = await check_for_many(
            said, (), desk, brand=brand, channels=channels[:1], language=language, now=desk.clock()
        )
        past = _TOLD_BY_FAULTS | (_ONLY_IN_PUBLIC if part is Part.PRIVATE else frozenset())
        found += [
            Fault(text_field(language, part), f"“{finding.sentence}”: {finding.reason}")
            for finding in checked.reply.findings
            if finding.severity is Severity.BLOCK and finding.rule not in past
        ]
    return list(dict.fromkeys(found))


def _general(text: str, known: Known, brand: Brand, language: str) -> str:
    """The text without what depends on a customer's record, its other blanks filled in."""
    values = samples_for(known, brand, language) | {"product": "it", "customer_first_name": "", "customer_handle": ""}
    sentences = [
        sentence
        for sentence in split_sentences(text)
        if not any(VARIABLES[name].of_record for name in find_blanks(sentence) if name in VARIABLES)
    ]
    return _SPACE.sub("", fill_blanks(" ".join(sentences), values)).strip()
