"""Whether a question may be asked of a customer now, and why, or why not: in words that a rep is shown."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from server.models import QuestionRow
from server.questions.conditions import is_about_a_purchase, wanted
from server.questions.situation import Bought, Moment, Past, Situation
from server.questions.wording import language_of, word
from tools.saying import say_date

_SAID = {
    Moment.ORDER_PLACED: "was ordered on",
    Moment.DELIVERED: "arrived on",
    Moment.EXCHANGE_DELIVERED: "was exchanged, the old one back with us on",
    Moment.REPAIR_RETURNED: "was repaired, with us on",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """A question before one customer: worded if it may be asked, with what holds, and what stands against it."""

    question: QuestionRow
    text: str | None
    language: str
    because: tuple[str, ...]
    against: tuple[str, ...]

    @property
    def may_be_asked(self) -> bool:
        """Whether nothing stands against it."""
        return not self.against and self.text is not None


def hindrance(situation: Situation, past: Past) -> str | None:
    """Why nothing at all is asked of this customer now; None: something may be."""
    if situation.complaint is not None:
        return situation.complaint
    if past.until is not None and past.until > situation.now:
        return f"they were asked something lately, and are left alone until {say_date(past.until)}"
    return next(unwanted(situation), None)


def unwanted(situation: Situation) -> Iterator[str]:
    """What the customer has said of questions, if they want none."""
    if situation.customer.consent.get("questions") is False:
        yield "they want no questions"


def judge(question: QuestionRow, situation: Situation, past: Past) -> Verdict:
    """What holds for this question and what stands against it, whatever holds for all of them."""
    because: list[str] = []
    against = list(against_asking(question, situation, past))
    about: Bought | None = None
    if is_about_a_purchase(question.ask_when):
        about = next(_fitting(question, situation), None)
        (because if about else against).append(_of_purchase(question, about))
    for held, words in _others(question, situation):
        (because if held else against).append(words)
    language = language_of(situation.customer)
    if language not in question.text:
        against.append(f"it has no text in `{language}`")
    return Verdict(question, word(question, situation.customer, about), language, tuple(because), tuple(against))


def judged(questions: Sequence[QuestionRow], situation: Situation, past: Past) -> Sequence[Verdict]:
    """All of them."""
    return [judge(question, situation, past) for question in questions]


def against_asking(question: QuestionRow, situation: Situation, past: Past) -> Iterator[str]:
    """What stands against it whatever has happened: its days, what is known, what they were asked, what they allow."""
    today = situation.now.date()
    if question.retired_at is not None:
        yield "it is not asked any more"
    if question.brand is not None and question.brand != situation.brand:
        yield f"it is a question of {question.brand}"
    if question.valid_from is not None and today < question.valid_from:
        yield f"it is not asked before {say_date(question.valid_from)}"
    if question.valid_to is not None and today > question.valid_to:
        yield f"it is not asked since {say_date(question.valid_to)}"
    if question.fact in past.known:
        yield f"{question.fact.replace('_', ' ')} is known"
    elif question.fact in past.answered:
        yield "they have answered it before"
    if question.id in past.refused or question.fact in past.refused:
        yield "they did not want to answer it"
    elif question.id in past.asked:
        yield "they were asked it before"
    elif question.id in past.skipped:
        yield "a rep left it aside lately"
    if situation.customer.consent.get(question.purpose) is False:
        yield f"they do not want us to keep anything for {question.purpose}"


def _fitting(question: QuestionRow, situation: Situation) -> Iterator[Bought]:
    moments = wanted(question.ask_when, "moment")
    families = {family.casefold() for family in wanted(question.ask_when, "family")}
    products = wanted(question.ask_when, "product")
    for each in situation.bought:
        if each.gift and "gift" in question.never_when:
            continue
        happened = not moments or any(moment in each.happened for moment in moments)
        of_family = not families or (each.family or "").casefold() in families
        if happened and of_family and (not products or each.product in products):
            yield each


def _of_purchase(question: QuestionRow, about: Bought | None) -> str:
    moments = [Moment(moment) for moment in wanted(question.ask_when, "moment")]
    if about is None:
        families = " or ".join(wanted(question.ask_when, "family") or wanted(question.ask_when, "product")) or "goods"
        event = " or ".join(moment.replace("_", " ") for moment in moments)
        return f"no {families} of theirs with {event} lately" if event else f"they have bought no {families}"
    happened = next((moment for moment in moments if moment in about.happened), None)
    if happened is None:
        return f"they have bought {about.title} ({about.order})"
    return f"{about.title} ({about.order}) {_SAID[happened]} {say_date(about.happened[happened])}"


def _others(question: QuestionRow, situation: Situation) -> Iterator[tuple[bool, str]]:
    """Every other condition: whether it holds, and in words."""
    when, customer = question.ask_when, situation.customer
    if Moment.CASE_SOLVED in wanted(when, "moment"):
        held = situation.solved is not None
        yield held, "what they came for is solved" if held else "no case of theirs was solved lately"
    has = {
        "channel": situation.channel,
        "language": customer.language,
        "country": customer.address.country if customer.address else None,
        "tier": customer.tier,
    }
    for name, value in has.items():
        names = wanted(when, name)
        if names:
            yield value in names, f"{name} {value}" if value else f"no {name} is known"
    intents = wanted(when, "intent")
    if intents:
        met = sorted(situation.intents & set(intents))
        yield (
            bool(met),
            f"they came about {', '.join(met)}" if met else f"they did not come about {' or '.join(intents)}",
        )
    least = when.get("orders_at_least")
    if least is not None:
        yield situation.orders >= int(least), f"{situation.orders} orders"
    days = when.get("customer_days_at_least")
    if days is not None:
        since = customer.since
        long_enough = since is not None and (situation.now.date() - since).days >= int(days)
        yield (
            long_enough,
            f"customer since {say_date(since)}" if since else "since when they are a customer is not known",
        )
