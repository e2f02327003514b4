"""What bytes are, by the bytes themselves: neither a name nor a server's word counts."""

_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
)
_MP4_BRANDS = {b"avif": "image/avif", b"avis": "image/avif", b"heic": "image/heic", b"mif1": "image/heic"}
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}

EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/avif": "avif",
    "image/heic": "heic",
    "application/pdf": "pdf",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/webm": "webm",
    "video/x-msvideo": "avi",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/wav": "wav",
}

SHOWN = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "video/mp4", "video/webm"})
"""What a browser may show in place. Everything else is only ever saved."""


def media_type(body: bytes) -> str | None:
    """The type of these bytes; None for what is none of those that are kept: a page or a script, say."""
    for start, type_ in _STARTS:
        if body.startswith(start):
            return type_
    if body[:4] == b"RIFF":
        return _RIFF.get(body[8:12])
    if body[4:8] == b"ftyp":
        brand = body[8:12]
        if brand == b"qt  ":
            return "video/quicktime"
        if brand.startswith(b"M4A"):
            return "audio/mp4"
        return _MP4_BRANDS.get(brand, "video/mp4")
    # an MP3 without a header: eleven bits of frame sync, then a layer and a rate that exist
    if len(body) > 3 and body[0] == 0xFF and body[1] in (0xFB, 0xF3, 0xF2) and body[2] & 0xF0 not in (0x00, 0xF0):
        return "audio/mpeg"
    return None
