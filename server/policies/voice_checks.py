"""Checks of how brands sound: voice.yaml says nothing that would never be heard, or would spoil an answer."""

from collections.abc import Collection, Iterator
from contextlib import suppress

from assistant.guidance import Brand
from server.channels.accounts import load_accounts
from server.policies.knowledge import Knowledge
from server.policies.problems import Problem
from server.policies.yaml_files import BadKnowledgeFile
from server.voices.faults import faults_of
from server.voices.said import FILE


def check_voices(knowledge: Knowledge) -> Iterator[Problem]:
    """What voice.yaml says in vain, or leaves out."""
    file = knowledge.directory / FILE
    for position, voice in enumerate(knowledge.guidance.voices):
        if voice.brand not in knowledge.brands:
            line = knowledge.line(file, "voices", position, "brand")
            yield Problem(file, line, "error", f"brand `{voice.brand}` is not in brands.yaml; correct or add it")
    for brand in knowledge.guidance.brands:
        said = [(at, voice) for at, voice in enumerate(knowledge.guidance.voices) if voice.brand == brand.id]
        for fault in faults_of([voice for _, voice in said], brand, _networks(knowledge, brand)):
            _, *place = fault.field.split(".")
            if place:
                line = knowledge.line(file, "voices", said[int(place[0])][0], place[1])
                yield Problem(file, line, "error", f"{place[1]}: {fault.words}")
            else:
                yield Problem(file, 1, "warning", fault.words)  # its texts go out all the same, without a greeting


def _networks(knowledge: Knowledge, brand: Brand) -> Collection[str]:
    networks = set(brand.accounts)
    with suppress(BadKnowledgeFile):  # which the check of accounts tells
        networks.update(entry.channel for entry in load_accounts(knowledge.directory) if entry.brand == brand.id)
    return networks
