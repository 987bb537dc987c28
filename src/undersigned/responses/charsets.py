"""What the bytes of a mail are in, which is often not what it says."""

import codecs

# Much mail that says one of these is windows-1252, or has long been UTF-8.
LATIN = {"us-ascii", "ascii", "ansi_x3.4-1968", "iso-8859-1", "latin1", "latin-1", "unknown-8bit", "default", ""}
# Python knows these as charsets; no mail is written in them, and the first two can take hours.
NEVER = {"punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined"}
WIDE = ("utf-16", "utf-32")
MANY_BYTES = ("gb", "big5", "euc", "shift_jis", "cp93", "cp94", "cp95", "johab", "hz", "iso2022", "utf")
ESCAPES = (b"\x1b$B", b"\x1b$@", b"\x1b(J")


def likely(content: bytes, declared: str) -> list[str]:
    """The charsets worth trying, most likely first; some may not exist."""
    name = _python_name(declared)
    if name.startswith(WIDE) and b"\0" not in content:
        name = ""
    if not name and any(escape in content for escape in ESCAPES):
        name = "iso2022_jp"
    if name and not _is_utf8_after_all(content, name):
        return [name, "utf-8", "cp1252"]
    return ["utf-8", "cp1252"]


def _python_name(declared: str) -> str:
    """What Python calls it, or nothing for one to be guessed anyway."""
    plain = declared.strip(" \t\"'").lower()
    if plain in LATIN:
        return ""
    try:
        name = codecs.lookup(plain).name
    except (LookupError, ValueError, UnicodeError):
        return ""
    return "" if name in NEVER else name


def _is_utf8_after_all(content: bytes, name: str) -> bool:
    """Whether it says a charset of single bytes, and every byte above 127 stands as only UTF-8 has them."""
    if content.isascii() or name.startswith(MANY_BYTES):
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
