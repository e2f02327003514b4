"""Cuts a text into sentences, the unit that claims and checks work on.

Every character but white space lands in exactly one sentence, in order: `"".join` of the sentences without white
space is the text without white space. Links, decimal numbers, dates ("14. November"), initials and abbreviations do not
end a sentence, nor does "…" in the middle of a thought. Closing quotes and emoji stay with the sentence they follow.
"""

import regex

_EMOJI = r"(?:\p{Extended_Pictographic}[\p{Emoji_Modifier}\u200d\ufe0f\p{Extended_Pictographic}]*)"
_END = regex.compile(rf"(?P<stop>[.!?…]+)[\"'”’»“)\]]*(?:\s?{_EMOJI})*(?=\s|$)|\n+")

_ABBREVIATIONS = (
    # English, German, Spanish, French; a dot inside may be followed by a space ("z. B.")
    *("e.g", "i.e", "Mr", "Mrs", "Ms", "Dr", "Prof", "St", "vs", "approx", "incl", "excl", "U.S", "U.K"),
    *("z.B", "z", "d.h", "d", "u.a", "bzw", "ggf", "inkl", "zzgl", "exkl", "evtl", "vgl", "Hr", "Fr"),
    *("EE", "Sr", "Sra", "Srta", "Dra", "p.ej", "p", "núm", "aprox", "pág"),
    *("Mme", "Mlle", "env", "p.ex", "c.-à-d", "réf", "ref"),
)
# These may also end a sentence: they go on before a number or a small letter only.
_ENDING_ABBREVIATIONS = (
    *("etc", "No", "Inc", "Ltd", "Co", "a.m", "p.m", "max", "min", "art"),
    *("usw", "Nr", "ca", "Std", "Tel", "Str", "Mo", "Di", "Mi", "Do", "Sa", "So"),
    *("EE.UU", "UU", "Ud", "Uds", "Vd", "n.º", "M", "tél"),
    *("Jan", "Feb", "Mar", "Mär", "Apr", "Jun", "Jul", "Aug", "Sep", "Sept", "Okt", "Oct", "Nov", "Dez", "Dec", "Dic"),
    *("ene", "abr", "ago", "janv", "févr", "juil", "déc"),
)
_MONTHS = "jan|feb|mär|mar|apr|mai|may|jun|jul|aug|ago|sep|okt|oct|nov|dez|dec|dic|ene|abr|janv|févr|avr|juin|août|déc"


def _before(abbreviations: tuple[str, ...]) -> "regex.Pattern[str]":
    written = "|".join(regex.escape(item).replace(r"\.", r"\.\s?") for item in abbreviations)
    return regex.compile(rf"(?<![\w.])(?:{written})$", regex.IGNORECASE)


_ALWAYS = _before(_ABBREVIATIONS)
_SOMETIMES = _before(_ENDING_ABBREVIATIONS)
_INITIAL = regex.compile(r"(?<![\w.])\p{Lu}$")
_DAY = regex.compile(r"(?<![\w.,:/=-])\d{1,2}$")
_NUMBERED = regex.compile(r"\s*\(?\d{1,2}")
_NAME_AFTER = regex.compile(r"\s*\p{Lu}(?:[\p{Ll}'’-]+|\.)")
_MONTH_AFTER = regex.compile(rf"\s*(?:{_MONTHS})", regex.IGNORECASE)
_SMALL_AFTER = regex.compile(r"\s+\p{Ll}")
_SMALL_OR_NUMBER_AFTER = regex.compile(r"\s*[\d\p{Ll}]")
_LOOK_BACK = 12


def split_sentences(text: str) -> list[str]:
    """The sentences of `text`, each without white space around it, in order."""
    sentences: list[str] = []
    start = 0
    for match in _END.finditer(text):
        if match["stop"] and _goes_on(text, start, match):
            continue
        sentences.append(text[start : match.end()].strip())
        start = match.end()
    sentences.append(text[start:].strip())
    return [sentence for sentence in sentences if sentence]


def _goes_on(text: str, start: int, match: "regex.Match[str]") -> bool:
    """Whether the stop that matched does not end the sentence that began at `start`."""
    stop, end = match["stop"], match.end()
    if stop in ("…", "..."):
        return _SMALL_AFTER.match(text, end) is not None
    if stop != "." or match.end("stop") != end:
        return False
    before = text[max(start, match.start() - _LOOK_BACK) : match.start()]
    if _DAY.search(before):
        numbered = _NUMBERED.fullmatch(text[start : match.start()])
        return bool(numbered or _MONTH_AFTER.match(text, end) or _SMALL_AFTER.match(text, end))
    if _ALWAYS.search(before):
        return True
    if _SOMETIMES.search(before) and _SMALL_OR_NUMBER_AFTER.match(text, end):
        return True
    return bool(_INITIAL.search(before) and _NAME_AFTER.match(text, end) and len(before.strip()) > 1)
