"""Whether what a sentence says of one place, tariff or product stands under the heading of another.

Policies often tell the same of several things, each under a heading of its own ("Returns in Great Britain", "Returns in
Northern Ireland"). A sentence that names one of them rests on that section; what only its sibling says is wrong there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from assistant.checks.sources import Source, Sources
from assistant.reading.lexicon import word_list
from assistant.reading.passage import Unit, telling_nothing
from tools.evidence import EvidenceKind

_ALIKE = 0.25


@dataclass(frozen=True, eq=False)
class Section:
    """What stands under the same headings: the headings, and the units below them."""

    source: Source
    headings: Sequence[Unit]
    units: Sequence[Unit]

    @cached_property
    def label(self) -> frozenset[str]:
        """What the headings name."""
        return frozenset().union(*(named(heading) for heading in self.headings))

    @cached_property
    def content(self) -> frozenset[str]:
        """The words and topics of all that stands below."""
        return frozenset().union(*(unit.content for unit in self.units))

    @cached_property
    def said(self) -> frozenset[str]:
        """All that is named below."""
        return frozenset().union(*(named(unit) for unit in self.units))


def named(unit: Unit) -> frozenset[str]:
    """The stems of its words, its topics but those that say what happens, and the regions that it names."""
    nothing = telling_nothing(unit.language)
    covered = {index for hit in unit.topics for index in range(hit.start, hit.end)}
    stems = {
        unit.stems[index]
        for index, token in enumerate(unit.tokens)
        if token.kind == "word" and index not in covered and len(token.word) > 1 and token.word not in nothing
    }
    topics = {f":{hit.name}" for hit in unit.topics} - happenings()
    return frozenset(stems | topics | {f"={hit.name}" for hit in unit.has("conditions")})


@cache
def happenings() -> frozenset[str]:
    """Topics that say what happens rather than to what."""
    return frozenset(f":{name}" for names in word_list("topics")["kinds"].values() for name in names)


@lru_cache(maxsize=256)
def sections(source: Source) -> Sequence[Section]:
    """The sections of a policy; a text without headings is one, named as the document is."""
    if source.evidence.kind is not EvidenceKind.POLICY:
        return ()
    lines = (line.strip() for line in source.evidence.text.split("\n"))
    titles = {line.lstrip("# ") for line in lines if line.startswith("#")} | {source.evidence.source}
    below: dict[tuple[Unit, ...], list[Unit]] = {}
    for unit in source.reading.units:
        above = tuple(heading for heading in unit.headings if heading.text in titles)
        if above and unit.text not in titles:
            below.setdefault(above, []).append(unit)
    return [Section(source, headings, units) for headings, units in below.items()]


def named_section(words: frozenset[str], sources: Sources) -> tuple[Section, Sequence[Section]] | None:
    """The one section that the words name rather than its siblings, with those siblings; None where that is open."""
    for section, siblings, own, foreign in _parallel(tuple(sources.cited)):
        if own & words and not foreign & words:
            return section, siblings
    return None


@lru_cache(maxsize=256)
def _parallel(
    sources: tuple[Source, ...],
) -> Sequence[tuple[Section, Sequence[Section], frozenset[str], frozenset[str]]]:
    """Every section that has siblings, with the words that name it alone and those that name one of the others."""
    every = [section for source in sources for section in sections(source)]
    found = []
    for section in every:
        siblings = [other for other in every if other is not section and _siblings(section, other)]
        theirs = frozenset().union(*(other.label for other in siblings))
        own = section.label - theirs - frozenset().union(*(other.said for other in siblings))
        if siblings and own:
            found.append((section, siblings, own, theirs - section.label - section.said))
    return found


def _siblings(one: Section, other: Section) -> bool:
    """Whether two sections tell the same of two things: their headings or what they say are alike."""
    if not one.content or not other.content:
        return False
    together = len(one.content & other.content)
    return bool(one.label & other.label) or together / min(len(one.content), len(other.content)) >= _ALIKE
