from collections.abc import Callable
from pathlib import Path

import pytest

LANGUAGES = ("en", "de", "es", "fr")
DANGERS = (
    "self_harm",
    "threat",
    "injury",
    "product_danger",
    "minor",
    "legal",
    "regulator",
    "press",
    "discrimination",
    "data_breach",
    "named_employee",
)

BRANDS = """\
brands:
  - id: oak
    name: Oak
    languages: [en, de, es, fr]
    regions: [UK, EU]
    home_region: UK
    default: true
"""
VOICES = "voices:\n" + "".join(
    f'  - {{brand: oak, language: {language}, avoid: ["calm down", "leider"]}}\n' for language in LANGUAGES
)
HOLDINGS = "holdings:\n" + "".join(
    f"  - category: {danger}\n    team: on_call\n    text: {{en: Thanks., de: Danke., es: Gracias., fr: Merci.}}\n"
    "    between_two: {en: Thanks., de: Danke., es: Gracias., fr: Merci.}\n"
    for danger in DANGERS
)
DESTINATIONS = "destinations:\n" + "".join(
    f"""\
  - id: oak-secure_form-{language}
    kind: secure_form
    brand: oak
    language: {language}
    target: https://www.oak.example/{language}/form
    label: Form
    says: Our form is safe.
"""
    for language in LANGUAGES
)
INTENTS = """\
intents:
  - id: return_policy
    title: How returns work
    group: policy
    policies: [returns]
    destination: secure_form
"""
RETURNS = """\
---
id: returns-2
title: Returns
brand: oak
category: returns
audience: public
effective_from: 2026-01-01
supersedes: returns-1
owner: Returns team
public_url: https://www.oak.example/help/returns
answers:
  - intent: return_policy
    en: "Unused items can come back within 60 days."
    de: "Unbenutztes nehmen wir 60 Tage lang zurück."
    es: "Lo no usado se puede devolver en 60 días."
    fr: "Un article non utilisé se rend sous 60 jours."
---

# Returns

## Time

Unused items can come back within 60 days of delivery. Use [the form](https://www.oak.example/en/form).
"""
OLD_RETURNS = """\
---
id: returns-1
title: Returns until 2025
brand: oak
category: returns
audience: public
effective_from: 2025-01-01
effective_to: 2025-12-31
owner: Returns team
---

Unused items can come back within 30 days of delivery.
"""
FILES = {
    "brands.yaml": BRANDS,
    "voice.yaml": VOICES,
    "holding.yaml": HOLDINGS,
    "destinations.yaml": DESTINATIONS,
    "intents.yaml": INTENTS,
    "policies/returns-2.md": RETURNS,
    "policies/returns-1.md": OLD_RETURNS,
}

Folder = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A small knowledge folder in which all is well; `changed` replaces, adds or (None) removes files."""

    def make(changed: dict[str, str | None] | None = None) -> Path:
        for name, text in {**FILES, **(changed or {})}.items():
            if text is not None:
                file = tmp_path / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
        return tmp_path

    return make
