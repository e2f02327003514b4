"""Checks of scorecards.yaml: what would be scored otherwise than whoever wrote it means."""

from collections import Counter
from collections.abc import Iterator

from server.policies.knowledge import Knowledge
from server.policies.problems import Problem
from server.policies.yaml_files import BadKnowledgeFile
from server.transcripts import forms


def check_scorecards(knowledge: Knowledge) -> Iterator[Problem]:
    """Forms for brands that nobody knows, questions that cannot be told apart, and what weighs nothing."""
    file = knowledge.directory / forms.FILE
    if not file.exists():
        return  # the shipped forms hold, and are checked where they stand
    try:
        found = forms.load_forms(knowledge.directory)
    except BadKnowledgeFile as error:
        yield Problem.unreadable(error)
        return
    for position, form in enumerate(found):
        line = knowledge.line(file, "scorecards", position)
        for brand in form.brands:
            if knowledge.brands and brand not in knowledge.brands:
                words = f"brand `{brand}` of `{form.id}` is not in brands.yaml; correct or add it"
                yield Problem(file, line, "error", words)
        for name, times in Counter(question.id for question in form.questions).items():
            if times > 1:
                words = f"`{form.id}` has {times} questions `{name}`, whose answers cannot be told apart; rename them"
                yield Problem(file, line, "error", words)
        for measure, times in Counter(counted.measure for counted in form.automatic).items():
            if times > 1:
                yield Problem(file, line, "error", f"`{form.id}` counts {measure} {times} times; keep one")
        if form.automatic and not any(counted.weight for counted in form.automatic):
            words = f"nothing that `{form.id}` counts has a weight, so its automatic part is always empty; give some"
            yield Problem(file, line, "warning", words)
