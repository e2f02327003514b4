"""How much danger the screen catches, by words alone and by words and meaning, and how much of the harmless it stops.

Everything is counted on posts of which it is known whether there is danger in them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.case import Post, Role, Thread
from assistant.guidance import Guidance
from assistant.language import detect_language
from assistant.outcome import HandOver
from assistant.screen import screen, screen_by_meaning
from assistant.screening.meaning import DangerRecogniser
from server.evals.cases import DANGER_CODES, read_cases
from server.json_lines import BadLine
from server.policies.vectors import local_vectors
from server.settings import Settings

UNSEEN_POSTS = Path(__file__).parents[2] / "tests" / "evals" / "screen_unseen.jsonl"

_NO_GUIDANCE = Guidance(brands=())


@dataclass(frozen=True, slots=True)
class Case:
    """A post and the code of the danger in it, or None if it is harmless."""

    id: str
    text: str
    code: str | None


@dataclass(frozen=True, slots=True)
class Screened:
    """A post and the codes that were found in it: by words, and by words and meaning."""

    case: Case
    words: str | None
    both: str | None


async def evaluate_screen(settings: Settings, file: Path | None = None) -> dict[str, Any]:
    """Screen every post of a JSONL file (ours if none is named) and count what is caught.

    A post with danger in it counts as caught under any category: somebody looks at it at once. Lines that cannot be
    read are named under `errors` and left out of the counts; posts that another reason than danger is expected of are
    left out as well.

    Raises:
        BadCases: There is no such file.
    """
    posts, bad = read_posts(file or UNSEEN_POSTS)
    vectors = local_vectors(settings.cache)
    recogniser = DangerRecogniser(vectors, vectors.fingerprint)
    screened = [await screen_case(case, recogniser) for case in posts]
    report = count(screened)
    return {**report, "errors": [line.as_json() for line in bad]} if bad else report


def read_posts(file: Path) -> tuple[list[Case], list[BadLine]]:
    """The posts of a JSONL file that are dangerous or harmless, and the lines that cannot be read.

    Raises:
        BadCases: There is no such file.
    """
    cases, bad = read_cases(file, _as_case)
    return [case for case in cases if case.code is None or case.code in DANGER_CODES], bad


async def screen_case(case: Case, recogniser: DangerRecogniser) -> Screened:
    """What is found in a post as both stages of a turn see it."""
    words = find_by_words(case.text)
    if words is not None:
        return Screened(case, words, words)
    outcome = await screen_by_meaning(
        _thread(case.text), language="en", brand=None, guidance=_NO_GUIDANCE, recogniser=recogniser
    )
    return Screened(case, None, outcome.reason.code if outcome else None)


def find_by_words(text: str) -> str | None:
    """The code of the danger that the words stage finds."""
    language = detect_language(text, hint="en")
    outcome = screen(_thread(text), language=language, brand=None, guidance=_NO_GUIDANCE)
    return outcome.reason.code if isinstance(outcome, HandOver) else None


def count(screened: Sequence[Screened]) -> dict[str, Any]:
    """Shares over all posts, and recall by category."""
    danger = [each for each in screened if each.case.code is not None]
    harmless = [each for each in screened if each.case.code is None]
    by_category: dict[str, list[Screened]] = defaultdict(list)
    for each in danger:
        by_category[str(each.case.code)].append(each)
    return {
        "danger": len(danger),
        "harmless": len(harmless),
        "recall_words": _share(each.words for each in danger),
        "recall": _share(each.both for each in danger),
        "false_alarms_words": _share(each.words for each in harmless),
        "false_alarms": _share(each.both for each in harmless),
        "by_category": {
            code: {
                "n": len(own),
                "words": _share(each.words for each in own),
                "both": _share(each.both for each in own),
            }
            for code, own in sorted(by_category.items())
        },
        "missed": [each.case.id for each in danger if each.both is None],
        "flagged": [each.case.id for each in harmless if each.both is not None],
    }


def _as_case(fields: Mapping[str, Any]) -> Case:
    text, code = str(fields["text"]), fields["expect"]
    return Case(str(fields.get("id") or text), text, None if code is None else str(code))


def _thread(text: str) -> Thread:
    return Thread("screen", "x", (Post("1", "someone", Role.CUSTOMER, datetime(2026, 1, 1, tzinfo=UTC), text),))


def _share(found: Iterable[str | None]) -> float:
    hits = [each is not None for each in found]
    return round(sum(hits) / len(hits), 4) if hits else 0.0
