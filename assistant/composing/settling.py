"""Posts that want nothing: praise, "it's alright", chatter, and anger without anything to answer."""

import regex

from assistant.case import Role
from assistant.composing.situation import Situation
from assistant.composing.wording import Text
from assistant.outcome import NoReply, Reason

_PRAISE = 0.45
_MENTION = regex.compile(r"@[\w-]+(?:[.@][\w-]+)*")
_OPENING = regex.compile(r"\s*(?:@[\w-]+(?:[.@][\w-]+)*[\s:,]*)+")
_IN_A_SENTENCE = regex.compile(r"[\p{L}\d]\s+$")


def settle(case: Situation) -> NoReply | None:
    """The silent outcome with a courtesy on offer, if the post wants nothing."""
    if case.reading.settled:
        return _quiet(case, "resolved", "says that it is solved", "courtesy.resolved")
    if _is_aside(case):
        return _quiet(case, "not_addressed", "talks to somebody else and only names us", "courtesy.smalltalk")
    if case.reading.waved_off:
        return _quiet(case, "resolved", "says that it is all right", "courtesy.its_fine")
    if case.reading.praises and not case.reading.wants:
        return _quiet(case, "thanks", "praises and asks nothing", "courtesy.thanks")
    if case.intent is None or case.reading.wants or case.confidence < _PRAISE:
        return None
    if case.intent.id == "thanks":
        return _quiet(case, "thanks", "says thank you and asks nothing", "courtesy.thanks")
    if case.intent.id == "its_fine":
        return _quiet(case, "resolved", "says that it is all right", "courtesy.its_fine")
    if case.intent.id == "smalltalk":
        return _quiet(case, "not_addressed", "chats and asks nothing", "courtesy.smalltalk")
    return None


def _is_aside(case: Situation) -> bool:
    """Whether the post opens with somebody else's handle and names our account in the middle of a sentence."""
    brand, thread = case.material.brand, case.material.thread
    if brand is None or any(post.role is Role.BRAND for post in thread.posts):
        return False
    mentions = list(_MENTION.finditer(thread.target.text))
    opening = _OPENING.match(thread.target.text)
    ours = [match for match in mentions if brand.goes_by(match.group())]
    if not opening or not ours or any(match.start() < opening.end() for match in ours):
        return False
    return all(_IN_A_SENTENCE.search(thread.target.text[: match.start()]) for match in ours)


def _quiet(case: Situation, code: str, words: str, courtesy: str) -> NoReply:
    return NoReply(Reason(code, words), case.reply(Text().add(case.say(courtesy))))
