"""A question in the customer's language, naming what they bought where its text has a place for it."""

from server.models import QuestionRow
from server.questions.conditions import PLACE, places_in
from server.questions.situation import Bought
from tools.records import Customer

_OTHERWISE = "en"


def language_of(customer: Customer) -> str:
    """In which language they are asked: their own, English where nobody knows it."""
    return (customer.language or _OTHERWISE).partition("-")[0].casefold()


def word(question: QuestionRow, customer: Customer, about: Bought | None) -> str | None:
    """The text for this customer; None: it has none in their language, or names a purchase and there is none."""
    text = question.text.get(language_of(customer))
    if text is None or PLACE not in places_in(text):
        return text
    return text.format(**{PLACE: about.title}) if about is not None else None
