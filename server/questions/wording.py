"""A question in the customer's language, naming what they bought where its text has a place for it."""

from server.models import QuestionRow
from server.questions.conditions import PLACE, places_in
from server.questions.situation import Bought, Situation

_OTHERWISE = "en"


def word(question: QuestionRow, situation: Situation, about: Bought | None) -> tuple[str, str] | None:
    """The language and the text; None: it has none that fits.

    A customer whose language nobody knows is asked in English. One whose language is known is asked in no other.
    """
    language = (situation.customer.language or _OTHERWISE).partition("-")[0].casefold()
    text = question.text.get(language)
    if text is None:
        return None
    if PLACE not in places_in(text):
        return language, text
    return (language, text.format(**{PLACE: about.title})) if about is not None else None
