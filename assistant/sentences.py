"""Cuts a text into sentences, the unit that claims and checks work on.

Every character but white space lands in exactly one sentence, in order: `"".join` of the sentences without white
space is the text without white space. Links, decimal numbers, initials and abbreviations do not end a sentence.
"""

import regex

_ABBREVIATIONS = (
    r"e\.g|i\.e|etc|Mr|Mrs|Ms|Dr|St|No|Nr|approx|ca|z\.\s?B|d\.\s?h|bzw|ggf|inkl|zzgl|usw|Std|Mo|Di|Mi|Do|Fr|Sa|So"
    r"|Sr|Sra|Ud|Uds|p\.\s?ej|núm|aprox|M|Mme|env|p\.\s?ex|n\.\s?º"
)
_END = regex.compile(
    rf"""
    (?<!\b(?:{_ABBREVIATIONS}))     # "z. B." goes on
    (?<!\b\p{{Lu}})                 # "J. Smith" goes on
    (?<!\b\d{{1,2}}(?=\.\s+\p{{L}}))  # "14. November" goes on
    [.!?…]+["'”’»)\]]*              # the end, with closing marks
    (?=\s|$)                        # "3.50" and "example.com/a" go on
    | \n+
    """,
    regex.VERBOSE,
)


def split_sentences(text: str) -> list[str]:
    """The sentences of `text`, each without white space around it, in order."""
    sentences: list[str] = []
    start = 0
    for match in _END.finditer(text):
        sentences.append(text[start : match.end()].strip())
        start = match.end()
    sentences.append(text[start:].strip())
    return [sentence for sentence in sentences if sentence]
