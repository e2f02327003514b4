"""Checks of actions.yaml: what it says in vain, and what it says of brands that nobody knows."""

from collections.abc import Iterator

from server.actions import rules
from server.actions.kinds import ActionKind
from server.policies.knowledge import Knowledge
from server.policies.problems import Problem
from server.policies.yaml_files import BadKnowledgeFile, Field


def check_actions(knowledge: Knowledge) -> Iterator[Problem]:
    """What would be allowed, or refused, otherwise than whoever wrote it means."""
    file = knowledge.directory / rules.FILE
    try:
        actions = rules.load_action_rules(knowledge.directory)
    except BadKnowledgeFile as error:
        yield Problem.unreadable(error)
        return
    if not file.exists():
        return  # the shipped rules hold, and are checked where they stand
    if not actions.default:
        unnamed = ", ".join(sorted(knowledge.brands - set(actions.brands)))
        words = "there is no `default:` block, so nothing is allowed that a brand does not name"
        yield Problem(file, 1, "warning", f"{words}{f', and nothing at all at {unnamed}' if unnamed else ''}")
    yield from _check_block(knowledge, ("default",), actions.default)
    for brand, block in actions.brands.items():
        if knowledge.brands and brand not in knowledge.brands:
            line = knowledge.line(file, "brands", brand)
            yield Problem(file, line, "error", f"brand `{brand}` is not in brands.yaml; correct or add it")
        yield from _check_block(knowledge, ("brands", brand), block)


def _check_block(knowledge: Knowledge, place: Field, block: rules.Rules) -> Iterator[Problem]:
    file = knowledge.directory / rules.FILE
    for kind, rule in block.items():
        for name, words in _said_in_vain(kind, rule):
            line = knowledge.line(file, *place, kind.value, name)
            yield Problem(file, line, "error", f"`{name}` of {kind} {words}")
        if rule.allowed and kind == ActionKind.UPGRADE_SHIPPING and not rule.cost:
            line = knowledge.line(file, *place, kind.value)
            words = "upgrade_shipping has no `cost`, so it counts towards nobody's limit; say what it costs you"
            yield Problem(file, line, "warning", words)


def _said_in_vain(kind: ActionKind, rule: rules.ActionRule) -> Iterator[tuple[str, str]]:
    said = rule.model_fields_set
    if not rule.allowed:
        yield from ((name, "says nothing: it is not allowed; remove it") for name in sorted(said - {"allowed"}))
        return
    for name in sorted(said & set(rules.ONLY_FOR)):
        if kind not in rules.ONLY_FOR[name]:
            kinds = ", ".join(sorted(rules.ONLY_FOR[name]))
            yield name, f"says nothing; it is for {kinds}; remove it"
    if rule.states is not None and not rule.states:
        yield "states", "names none, so it could never be done; write `allowed: false`, or name some"
    limit = rule.per_customer
    if limit is not None and limit.times is None and not limit.most:
        yield "per_customer", "says neither how many `times` nor the `most`; add one"
