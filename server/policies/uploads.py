"""Uploaded files as the text of a document: Markdown, HTML and plain text as they are, PDF and Word as Markdown."""

import asyncio
import json
import sys
from dataclasses import dataclass
from pathlib import PurePath

from server.errors import Unprocessable
from server.policies.converting import LONGEST, LONGEST_LINE

_TEXTS = {".md": ".md", ".markdown": ".md", ".html": ".html", ".htm": ".html", ".txt": ".txt"}
_CONVERTED = {".pdf": "pdf", ".docx": "docx"}
_TIMEOUT_S = 60


class UnknownFormat(Unprocessable):
    """A file of a kind that is not read."""


class UnreadableFile(Unprocessable):
    """A file that is not what its name says, or that is refused for what it is."""


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file's text, how it is written (".md", ".html", ".txt"), and whether it was made from something else."""

    text: str
    suffix: str
    converted: bool = False


async def read_upload(name: str, content: bytes) -> ReadFile:
    """The text of an uploaded file, told by its name what it is.

    Raises:
        UnknownFormat: It is of another kind.
        UnreadableFile: It cannot or should not be read, or took too much; the words say which.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix in _CONVERTED:
        return ReadFile(await _convert(_CONVERTED[suffix], content), ".md", converted=True)
    if suffix not in _TEXTS:
        kinds = ", ".join((*_TEXTS, *_CONVERTED))
        raise UnknownFormat(f"a file of this kind is not read; upload one of {kinds}")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise UnreadableFile(f"{name} is not UTF-8; save it as UTF-8") from None
    return ReadFile(check_text(text), _TEXTS[suffix])


def check_text(text: str) -> str:
    """A document's text, if it can be one.

    Raises:
        UnreadableFile: It is no text, or far too long.
    """
    if any(sign < " " and sign not in "\n\r\t" for sign in text):
        raise UnreadableFile("it is no text: there are control characters in it")
    if len(text) > LONGEST:
        raise UnreadableFile(f"it has more than {LONGEST:,} characters; upload its parts as documents of their own")
    if any(len(line) > LONGEST_LINE for line in text.splitlines()):
        raise UnreadableFile(f"it has a line of more than {LONGEST_LINE:,} characters; break it")
    return text


async def _convert(kind: str, content: bytes) -> str:
    """The file's text, read by a process of its own that has little time and memory."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-m", "server.policies.converting", kind),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        answer, _ = await asyncio.wait_for(process.communicate(content), _TIMEOUT_S)
    except TimeoutError:
        answer = b""
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode or not answer:
        raise UnreadableFile("reading it took too long or too much memory; save it anew, or copy its text")
    told = json.loads(answer)
    if "refused" in told:
        raise UnreadableFile(told["refused"])
    text: str = told["text"]
    return text
