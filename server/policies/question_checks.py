"""Checks of what is asked of customers: questions.yaml asks what can be asked, of whom, for which use."""

from collections.abc import Iterator

from assistant.guidance import Question
from server.policies.knowledge import Knowledge
from server.policies.problems import Problem
from server.questions.conditions import Known, faults_of
from server.questions.seeding import FILE


def check_questions(knowledge: Knowledge) -> Iterator[Problem]:
    """What would never be asked, asks for what is never kept, or stands twice under two names."""
    file = knowledge.directory / FILE
    intents = frozenset(intent.id for intent in knowledge.guidance.intents)
    known = Known(brands=knowledge.brands, intents=intents)
    facts: dict[str, str] = {}
    for position, question in enumerate(knowledge.guidance.questions):
        for fault in faults_of(question, known):
            line = knowledge.line(file, "questions", position, fault.field)
            yield Problem(file, line, "error", f"`{question.id}`: {fault.words}")
        line = knowledge.line(file, "questions", position, "id")
        other = facts.setdefault(question.fact, question.id)
        if other != question.id:
            words = f"`{question.id}` learns `{question.fact}` as `{other}` does: who answers one is asked neither"
            yield Problem(file, line, "info", words)
        for language in sorted(_languages(question, knowledge) - question.text.keys()):
            yield Problem(file, line, "warning", f"`{question.id}` has no text in `{language}`, which its brand speaks")
        if question.valid_to is not None and question.valid_to < knowledge.today:
            yield Problem(file, line, "info", f"`{question.id}` is not asked since {question.valid_to}")


def _languages(question: Question, knowledge: Knowledge) -> set[str]:
    brands = [brand for brand in knowledge.guidance.brands if question.brand in (None, brand.id)]
    return {language for brand in brands for language in brand.languages}
