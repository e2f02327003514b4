"""What pages say, in the viewer's language: one file per language, the same entries in each."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from babel import Locale, negotiate_locale

_FOLDER = Path(__file__).with_name("texts")
_ENGLISH = "en"
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class NoSuchText(KeyError):
    """A page asks for words that nobody has written."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of one language: `texts("queue.waiting", n=3)`."""

    language: str
    entries: Mapping[str, str]

    def __call__(self, name: str, /, **values: object) -> str:
        """The words of this name with the values put in.

        Of an entry that depends on a number, `name.one` and `name.other`, the form that fits `n` is taken.

        Raises:
            NoSuchText: There is none of this name.
        """
        entry = self.entries.get(name)
        if entry is None and isinstance(n := values.get("n"), int):
            entry = self.entries.get(f"{name}.{Locale.parse(self.language).plural_form(n)}")
        if entry is None:
            raise NoSuchText(name)
        return entry.format(**values) if values else entry

    def under(self, name: str) -> dict[str, str]:
        """Every entry below a name, by the rest of its own."""
        return {
            key.removeprefix(f"{name}."): words for key, words in self.entries.items() if key.startswith(f"{name}.")
        }

    def has(self, name: str) -> bool:
        """Whether there are words of this name, for one that is made of data."""
        return name in self.entries


@cache
def texts_in(language: str) -> Texts:
    """The words of one of `languages()`."""
    return Texts(language, _flat(read_entries(_FOLDER / f"{language}.yaml")))


def read_entries(file: Path) -> dict[str, Any]:
    """What a file of words holds. Read by the library in C where there is one: the first page waits for it."""
    entries: dict[str, Any] = yaml.load(file.read_text(encoding="utf-8"), Loader=_LOADER)
    return entries


@cache
def languages() -> tuple[str, ...]:
    """Those in which pages are written, English first."""
    found = sorted(path.stem for path in _FOLDER.glob("*.yaml"))
    return (_ENGLISH, *(language for language in found if language != _ENGLISH))


def choose_language(chosen: str | None, accepted: str) -> str:
    """The language of a page.

    Args:
        chosen: What the viewer has set, if they have.
        accepted: The browser's Accept-Language.
    """
    if chosen in languages():
        return str(chosen)
    wanted = [part.split(";")[0].strip() for part in accepted.split(",")]
    return negotiate_locale(wanted, list(languages()), sep="-") or _ENGLISH


def _flat(told: Mapping[str, Any], before: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in told.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{before}{name}.")
        else:
            flat[f"{before}{name}"] = str(value)
    return flat
