"""A brand's voices: where the files say them, and what a version in the database says."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.guidance import LANGUAGES, Voice
from server.models import BrandSettingRow
from server.policies.yaml_files import Reread, read_entries, write_entries

FILE = "voice.yaml"
SUBJECT = "voices"
ANY_CHANNEL = "*"

Voices = tuple[Voice, ...]


def _read(directory: Path) -> Mapping[str, Voices]:
    entries = read_entries(Voice, directory / FILE, "voices")
    return {brand: ordered(entry for entry in entries if entry.brand == brand) for brand in _brands(entries)}


load_voices = Reread(FILE, _read)
"""What voice.yaml says, by brand; nothing without it."""


def voices_in_file(directory: Path, brand: str) -> Voices:
    """What the file says of a brand.

    Raises:
        BadKnowledgeFile: It is wrong, and was never right in this process.
    """
    return load_voices(directory).get(brand, ())


def ordered(voices: Iterable[Voice]) -> Voices:
    """By language, the voice for any channel first: so that two lists that say the same are the same."""
    return tuple(
        sorted(voices, key=lambda one: (LANGUAGES.index(one.language), one.channel != ANY_CHANNEL, one.channel))
    )


def said_in(row: BrandSettingRow) -> Voices:
    """What a version says."""
    return voices_of(row.brand, row.said)


def voices_of(brand: str, said: Any) -> Voices:  # noqa: ANN401 - JSON
    """What was said of a brand, as it was kept."""
    return ordered(Voice(brand=brand, **one) for one in said)


def as_said(voices: Sequence[Voice]) -> Sequence[Mapping[str, Any]]:
    """As a version keeps them."""
    return [one.model_dump(mode="json", exclude={"brand"}) for one in voices]


def as_file(voices: Iterable[Voice]) -> str:
    """voice.yaml with these in it."""
    entries = [one.model_dump(mode="json") for one in voices]
    return write_entries("voices", entries)


def _brands(entries: Iterable[Voice]) -> Sequence[str]:
    return list(dict.fromkeys(entry.brand for entry in entries))
