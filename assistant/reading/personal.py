"""The forms by which a contact, a street or payment data is known, wherever it stands.

They are written for plain signs (`assistant.reading.signs`).
"""

from collections.abc import Mapping

_GAP = r"[ \u00a0.\-/()]"
_STREET_EN = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Close|Court|Ct|Crescent|Terrace|Gardens|Grove|Square|Sq|Boulevard"
    r"|Blvd|Way|Place|Pl|Row|Mews|Parade|Hill)"
)
_STREET_DE = r"(?:stra(?:ß|ss)e|str\.|weg|allee|platz|gasse|ring|damm|ufer|chaussee)"
_STREET_ES = r"(?:[Cc]alle|C/|[Aa]venida|Avda\.?|[Pp]laza|[Pp]aseo|[Cc]amino|[Rr]onda|[Cc]arretera)"
_STREET_FR = r"(?:rue|avenue|boulevard|place|chemin|impasse|all[ée]e|quai|cours|route)"
_NO_DATE = r"(?!\d{1,2}[./\-]\d{1,2}[./\-]\d{2,4}\b|\d{1,2}[.:]\d{2}\s?[\-–])"  # "05.11.2026", "08.00-18.00"
_WORD = r"[\p{Lu}][\p{L}'’\-]+"

_DOT = r"(?:\s?[(\[{](?:dot|punkt|punto|point)[)\]}]\s?|\s(?:dot|punkt|punto|point)\s)"
_AT = r"(?:\s?[(\[{](?:at|ät|arroba|arobase)[)\]}]\s?|\s(?:at|ät|arroba|arobase|klammeraffe)\s)"
_PART = r"[\p{L}\p{N}_+\-]{1,40}+"
_ENDS = r"(?:com|net|org|info|example|io|eu|uk|de|es|fr|ch|nl|it|ie|app|shop|online|mail)"
_MAILERS = r"(?:g(?:oogle)?mail|hotmail|outlook|yahoo|icloud|gmx|web|proton(?:mail)?|aol|live|mail)"
_DIGIT_WORDS = (
    r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|null|eins|zwei|zwo|drei|vier|fünf|sechs|sieben|acht|neun"
    r"|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|zéro|un|deux|trois|quatre|cinq|sept|huit|neuf)"
)
# An address that is spelt out so that it does not look like one: "ann at example dot com", "ann at gmail.com".
SPELT_EMAIL = (
    rf"(?i:(?<![\p{{L}}\p{{N}}._+\-]){_PART}(?:(?:{_DOT}|\.){_PART}){{0,3}}+"
    rf"(?:{_AT}{_PART}(?:{_DOT}{_PART}){{0,3}}{_DOT}{_ENDS}|{_AT}{_MAILERS}\.[a-z]{{2,3}}|\s?[(\[{{](?:at|ät)[)\]}}]\s?{_PART}(?:\.{_PART}){{1,4}})\b)"
)
# What stands in every one of them, and is found in a sixth of the time.
SPELT_AT = r"[\s(\[{](?:at|ät|arroba|arobase|klammeraffe)[\s)\]}]"
# A number that is spelt out, sign by sign: "oh seven seven double oh".
SPELT_NUMBER = rf"(?i:\b(?:double\s)?{_DIGIT_WORDS}(?:[\s,\-]+(?:double\s|triple\s)?{_DIGIT_WORDS}){{5,}}\b)"

# In the order in which they are tried: an IBAN holds digit groups that also look like a phone number.
FORMS: Mapping[str, str] = {
    "email": r"(?<![\p{L}\p{N}._%+\-])[\p{L}\p{N}._%+\-]+@[\p{L}\p{N}](?:[\p{L}\p{N}\-]*\.)+\p{L}{2,}"
    rf"|{SPELT_EMAIL}",
    "iban": r"\b[A-Z]{2}\d{2}(?:[ \u00a0]?[A-Z0-9]{4}){2,7}(?:[ \u00a0]?[A-Z0-9]{1,4})?\b",
    "card": r"(?<![\d\-])\d(?:[ \u00a0\-]?\d){12,18}(?![\d\-])",
    "street": rf"(?:(?<![\p{{L}}\d-])\d{{1,5}}\s?[a-zA-Z]?,?\s+(?:{_WORD}\s+){{1,3}}{_STREET_EN}\b\.?"
    rf"|\b[\p{{Lu}}][\p{{L}}\-]*{_STREET_DE}\s+\d{{1,4}}\s?[a-z]?\b"
    rf"|\b[\p{{Lu}}][\p{{L}}\-]+\s+(?:Stra(?:ß|ss)e|Str\.|Weg|Allee|Platz|Gasse|Ring|Damm|Ufer)\s+\d{{1,4}}\s?[a-z]?\b"
    rf"|\b{_STREET_ES}\s+(?:(?:de|del|la|las|los|el)\s+)*{_WORD}(?:\s+(?:(?:de|del|la|y)\s+)*{_WORD}){{0,3}},?\s+(?:n\.?º\s*)?\d{{1,4}}\b"
    rf"|(?<![\p{{L}}\d-])\d{{1,4}}(?:\s?(?:bis|ter))?,?\s+{_STREET_FR}\s+(?:(?:de|des|du|la|le|l['’]|d['’])\s*)*{_WORD}(?:[\s\-]+(?:(?:de|des|du|la|le)\s+)*{_WORD}){{0,3}})",
    "phone": rf"(?<![\p{{L}}\d\-./#<])(?:\+|00)\d{{1,3}}(?:{_GAP}{{0,2}}\d){{6,12}}(?![\d\-]|[.,/]\d)"
    rf"|(?<![\p{{L}}\d\-./#:£$€<]){_NO_DATE}\(?0\d{{1,5}}\)?(?:{_GAP}{{0,2}}\d){{5,10}}(?![\d\-]|[.,/]\d)"
    r"|(?<![\p{L}\d\-./#:£$€<])\(?\d{3}\)?[ .\-]\d{3}[ .\-]\d{4}(?![\d\-]|[.,/]\d)"
    r"|(?<![\p{L}\d\-./#:£$€<])[6-9]\d{2}(?:[ .]\d{3}){2}(?![\d\-]|[.,/]\d)"
    rf"|{SPELT_NUMBER}",
    "postcode": r"\b(?:GIR 0AA|[A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2})\b",
}
