"""Looks at a post before anybody drafts, without a language model: danger goes to people, noise gets no answer.

Danger is searched for so that nothing is missed: by words and, where they find none, by meaning. A person can dismiss a
hit, and sees the words that caused it. What is taken for noise must be noise throughout: a thank-you with a question in
it is a question.
"""

from assistant.case import Thread, is_between_two
from assistant.guidance import LANGUAGES, Brand, Guidance
from assistant.language import detect_language
from assistant.outcome import Claim, ClaimKind, HandOver, NoReply, Part, Reason, Reply
from assistant.screening.meaning import DangerRecogniser
from assistant.screening.noise import is_rant, is_thanks, poses_as_support, spam_signals
from assistant.screening.patterns import Category, find_hit
from assistant.sentences import split_sentences


def screen(
    thread: Thread,
    *,
    language: str,
    brand: Brand | None,
    guidance: Guidance,
    dismissed: frozenset[str] = frozenset(),
) -> HandOver | NoReply | None:
    """What must happen to the current request before any drafting, or None if it may be drafted.

    Only the posts that the target's author wrote since the brand last spoke are looked at.

    Args:
        thread: The posts.
        language: ISO code of the request.
        brand: Whose holding text may be said; for None nothing is said.
        guidance: The approved holding texts.
        dismissed: Codes of dangers of which a person has said that they are none here.

    Returns:
        A hand-over to the team on call with nothing but the category's approved text, no reply with the reason, or
        None.
    """
    text = thread.request
    spoken = _languages(text, language)
    hit = find_hit(text, spoken, dismissed)
    if hit is not None:
        reason = Reason(hit.category.code, f"{hit.category.says}: “{hit.words}”")
        return HandOver(
            _team(hit.category, brand, guidance), reason, _holding(hit.category, thread, language, brand, guidance)
        )
    return _noise(thread, text, spoken, guidance)


async def screen_by_meaning(
    thread: Thread,
    *,
    language: str,
    brand: Brand | None,
    guidance: Guidance,
    recogniser: DangerRecogniser,
    dismissed: frozenset[str] = frozenset(),
) -> HandOver | None:
    """The same hand-over for a request in which `screen` found no danger, if it reads like one, or None.

    Args:
        thread: The posts.
        language: ISO code of the request.
        brand: Whose holding text may be said; for None nothing is said.
        guidance: The approved holding texts.
        recogniser: Tells what a text reads like.
        dismissed: Codes of dangers of which a person has said that they are none here.
    """
    hit = await recogniser.find(thread.request)
    if hit is None or hit.category.code in dismissed:
        return None
    reason = Reason(hit.category.code, f"reads like a post that {hit.category.says}: “{hit.words}”")
    return HandOver(
        _team(hit.category, brand, guidance), reason, _holding(hit.category, thread, language, brand, guidance)
    )


def _languages(text: str, language: str) -> tuple[str, ...]:
    """The request's language, those that a short text may be in as well, and English, which is mixed in anywhere."""
    possible = (known for known in LANGUAGES if detect_language(text, hint=known) == known)
    return tuple(dict.fromkeys((language, detect_language(text), *possible, "en")))


def _team(category: Category, brand: Brand | None, guidance: Guidance) -> str:
    holding = guidance.holding(category.holding, brand.id if brand else None)
    return holding.team if holding else category.team


def _holding(category: Category, thread: Thread, language: str, brand: Brand | None, guidance: Guidance) -> Reply:
    """The approved text, if the brand is ours and has one in this language; never one in another language."""
    holding = guidance.holding(category.holding, brand.id) if brand else None
    if holding is None:
        return Reply()
    between_two = is_between_two(thread.channel)
    texts: dict[str, str] = dict((holding.between_two if between_two else holding.text).items())
    text = texts.get(language)
    if text is None:
        return Reply()
    claims = tuple(Claim(Part.PUBLIC, sentence, ClaimKind.COURTESY) for sentence in split_sentences(text))
    reply = Reply(public_text=text, claims=claims)
    return reply.in_private() if between_two else reply


def _noise(thread: Thread, text: str, languages: tuple[str, ...], guidance: Guidance) -> NoReply | None:
    target = thread.target
    posing = poses_as_support(text, languages, author=target.author, guidance=guidance)
    if posing is not None:
        return NoReply(Reason("impersonation", f"poses as support: {posing}"))
    signals = spam_signals(text, languages)
    if signals:
        return NoReply(Reason("spam", "reads like spam: " + ", ".join(f"“{signal}”" for signal in signals)))
    if any(post.attachments for post in thread.posts if post.author == target.author):
        return None
    if is_thanks(text, languages):
        return NoReply(Reason("thanks", "says thank you and asks nothing"))
    if is_rant(text, languages):
        return NoReply(Reason("rant", "insults and names no matter that could be answered"))
    return None
