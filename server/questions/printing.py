"""Explanations as JSON, in words, and as a table."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from server.questions.choosing import FULL
from server.questions.explaining import Explained
from server.questions.judging import Verdict

_NONE = "–"


def as_data(explained: Explained) -> dict[str, Any]:
    """An explanation as JSON, field for field as docs/questions.md describes it."""
    chosen = explained.chosen
    return {
        "customer": explained.customer.id,
        "brand": explained.customer.brand,
        "language": explained.customer.language,
        "channel": explained.channel,
        "question": _verdict(chosen) if chosen is not None else None,
        "why_none": explained.why_none,
        "in_line": [{**_verdict(verdict), "full": verdict.question.id in explained.full} for verdict in explained.line],
        "not_asked": [
            {"id": verdict.question.id, "because": list(verdict.because), "against": list(verdict.against)}
            for verdict in explained.others
        ],
    }


def say(explained: Explained) -> str:
    """An explanation in words, a line for each question."""
    return "\n".join(_lines(explained))


def say_table(explained: Sequence[Explained]) -> str:
    """A line for each customer: who, which question, why; then how often each question and each reason came up."""
    width = max(len(each.customer.id) for each in explained)
    longest = max((len(each.chosen.question.id) for each in explained if each.chosen), default=1)
    rows = [f"{each.customer.id:{width}}  {_name(each):{longest}}  {_because(each)}" for each in explained]
    given = Counter(_name(each) for each in explained)
    fitted = Counter(verdict.question.id for each in explained if not each.hindrance for verdict in each.line)
    rows.append("")
    rows.extend(f"{name}: {given[name]} of {fitted[name]} customers whom it would fit" for name in sorted(fitted))
    rows.append(f"no question: {given[_NONE]} of {len(explained)} customers")
    return "\n".join(rows)


def _lines(explained: Explained) -> Iterator[str]:
    who, chosen = explained.customer, explained.chosen
    about = (who.name, who.brand or "any brand", who.language or "language not known", explained.channel)
    yield f"{who.id} {', '.join(about)}"
    if chosen is None:
        yield f"would be asked nothing: {explained.why_none}"
    else:
        yield f"would be asked {chosen.question.id}: “{chosen.text}”"
        yield f"  because {'; '.join(chosen.because) or 'it is asked of everybody'}"
        yield f"  to learn: {chosen.question.why}"
    for verdict in explained.line:
        if verdict is not chosen:
            words = (
                FULL if verdict.question.id in explained.full else "it would fit, too, and comes later in their draw"
            )
            yield f"{verdict.question.id}: {words}"
    for verdict in explained.others:
        yield f"{verdict.question.id}: {'; '.join(verdict.against)}"


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "id": verdict.question.id,
        "text": verdict.text,
        "why": verdict.question.why,
        "because": list(verdict.because),
    }


def _name(explained: Explained) -> str:
    return explained.chosen.question.id if explained.chosen is not None else _NONE


def _because(explained: Explained) -> str:
    chosen = explained.chosen
    return "; ".join(chosen.because) if chosen is not None else explained.why_none or ""
