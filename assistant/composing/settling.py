"""Posts that want nothing: praise, "it's alright", chatter, and anger without anything to answer."""

from assistant.composing.situation import Situation
from assistant.composing.wording import Text
from assistant.outcome import NoReply, Reason

_PRAISE = 0.45


def settle(case: Situation) -> NoReply | None:
    """The silent outcome with a courtesy on offer, if the post wants nothing."""
    if case.reading.settled:
        return _quiet(case, "resolved", "says that it is solved", "courtesy.resolved")
    if case.reading.waved_off:
        return _quiet(case, "resolved", "says that it is all right", "courtesy.its_fine")
    if case.intent is None or case.reading.wants or case.confidence < _PRAISE:
        return None
    if case.intent.id == "thanks":
        return _quiet(case, "thanks", "says thank you and asks nothing", "courtesy.thanks")
    if case.intent.id == "its_fine":
        return _quiet(case, "resolved", "says that it is all right", "courtesy.its_fine")
    if case.intent.id == "smalltalk":
        return _quiet(case, "not_addressed", "chats and asks nothing", "courtesy.smalltalk")
    return None


def _quiet(case: Situation, code: str, words: str, courtesy: str) -> NoReply:
    return NoReply(Reason(code, words), case.reply(Text().add(case.say(courtesy))))
