"""The forms by which work is scored: scorecards.yaml of the knowledge folder."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from assistant.guidance import Entry
from server.errors import Unprocessable
from server.policies.yaml_files import BadKnowledgeFile, read_entries
from server.settings import SHIPPED_KNOWLEDGE

FILE = "scorecards.yaml"
_MOST_POINTS = {"yes_no": 1, "scale": 4}

Answers = Mapping[str, int | None]
"""Points by question; None: it does not apply."""


class NotAnswered(Unprocessable):
    """The answers do not fit the form's questions; the details name which."""


class Measure(StrEnum):
    """What is counted by itself."""

    FINDINGS = "findings"
    CITATIONS = "citations"
    EDITS = "edits"
    CLOCK = "clock"
    PROMISES = "promises"


class Question(Entry):
    """What a person judges. `weight` is against the other questions of its section."""

    id: str = Field(min_length=1, max_length=60)
    ask: str = Field(min_length=3, max_length=300)
    weight: int = Field(strict=True, ge=1, le=100)
    answers: Literal["yes_no", "scale"]
    may_not_apply: bool = False

    @property
    def most(self) -> int:
        """The best answer's points."""
        return _MOST_POINTS[self.answers]


class Section(Entry):
    """Questions about one side of the work. `weight` is against the other sections."""

    id: str = Field(min_length=1, max_length=60)
    title: str = Field(min_length=3, max_length=200)
    weight: int = Field(default=1, strict=True, ge=1, le=100)
    questions: tuple[Question, ...] = Field(min_length=1)


class Counted(Entry):
    """How much a measure weighs among the measures; 0: it is told, and weighs nothing."""

    measure: Measure
    weight: int = Field(strict=True, ge=0, le=100)


class Sample(Entry):
    """How many of each person's cases of a day are picked. Another seed picks others; the same one always the same."""

    per_person: int = Field(strict=True, ge=0, le=50)
    seed: str = Field(min_length=1, max_length=100)


class Form(Entry):
    """What is asked and counted. Without `brands` it is for all of them."""

    id: str = Field(min_length=1, max_length=60, pattern=r"^[a-z0-9_-]+$")
    title: str = Field(min_length=3, max_length=200)
    brands: tuple[str, ...] = ()
    sections: tuple[Section, ...] = Field(min_length=1)
    automatic: tuple[Counted, ...] = ()
    sample: Sample | None = None

    @property
    def questions(self) -> Sequence[Question]:
        """All of them."""
        return [question for section in self.sections for question in section.questions]

    def is_for(self, brand: str) -> bool:
        """Whether work for this brand is scored by it."""
        return not self.brands or brand in self.brands


@lru_cache(maxsize=8)
def load_forms(directory: Path) -> tuple[Form, ...]:
    """The forms of this knowledge folder; the shipped ones if it has none.

    Raises:
        BadKnowledgeFile: if the file is there and wrong.
    """
    if not (directory / FILE).exists():
        if directory == SHIPPED_KNOWLEDGE:
            raise BadKnowledgeFile(directory / FILE, 1, "", "is missing; put it back")
        return load_forms(SHIPPED_KNOWLEDGE)
    return read_entries(Form, directory / FILE, "scorecards")


def check_answers(form: Form, answers: Answers) -> None:
    """Refuse answers that leave out a question, or are none of it.

    Raises:
        NotAnswered: They do.
    """
    known = {question.id: question for question in form.questions}
    if unknown := sorted(answers.keys() - known.keys()):
        raise NotAnswered("some of these questions are not on the form", questions=unknown)
    wrong = [name for name, question in known.items() if not _fits(question, answers)]
    if wrong:
        words = "answer every question of the form: yes_no with 0 or 1, scale with 0 to 4; null only where it may be"
        raise NotAnswered(words, questions=wrong)


def human_share(form: Form, answers: Answers) -> int | None:
    """What a person judged, 0 to 100; None: no question applied."""
    shares = [(section.weight, _of_section(section, answers)) for section in form.sections]
    return _weighed([(weight, share) for weight, share in shares if share is not None])


def automatic_share(form: Form, measured: Mapping[Measure, float | None]) -> int | None:
    """What was counted, 0 to 100; None: nothing of it could be."""
    shares = [(counted.weight, measured.get(counted.measure)) for counted in form.automatic]
    return _weighed([(weight, share) for weight, share in shares if share is not None])


def _fits(question: Question, answers: Answers) -> bool:
    if question.id not in answers:
        return False
    points = answers[question.id]
    return question.may_not_apply if points is None else 0 <= points <= question.most


def _of_section(section: Section, answers: Answers) -> float | None:
    given = [(question, points) for question in section.questions if (points := answers[question.id]) is not None]
    total = sum(question.weight for question, _ in given)
    return sum(question.weight * points / question.most for question, points in given) / total if total else None


def _weighed(shares: Sequence[tuple[int, float]]) -> int | None:
    total = sum(weight for weight, _ in shares)
    return round(100 * sum(weight * share for weight, share in shares) / total) if total else None
