"""On which line of a TOML text each table and key stands; tomllib does not tell."""

import re

Path = tuple[str | int, ...]

_TABLE = re.compile(r"\s*\[(\[)?\s*([\w.\"' -]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"\s*([\w.\"'-]+(?:\s*\.\s*[\w\"'-]+)*)\s*=\s*(.*)$")
_BEGINS = "+"


class Lines:
    """The lines of what was found; of anything else, those of the nearest thing round it."""

    def __init__(self, toml: str, first_line: int) -> None:
        self._found: dict[Path, int] = {(): first_line - 1}
        table: Path = ()
        counts: dict[Path, int] = {}
        closing = ""
        for number, line in enumerate(toml.split("\n"), first_line):
            if closing:
                closing = "" if closing in line else closing
            elif header := _TABLE.match(line):
                table = _path(header[2])
                if header[1]:
                    counts[table] = counts.get(table, -1) + 1
                    table = (*table, counts[table])
                self._found[table] = number
            elif key := _KEY.match(line):
                closing = self._key((*table, *_path(key[1])), key[2].strip(), number)

    def _key(self, path: Path, value: str, number: int) -> str:
        """Note a key; answer the quotes that end its text when they are on a later line."""
        quotes = value[:3] if value[:3] in {'"""', "'''"} else ""
        self._found[path] = number
        self._found[(*path, _BEGINS)] = number + (value == quotes != "")
        return quotes if quotes and quotes not in value[3:] else ""

    def of(self, *path: str | int) -> int:
        """Where the key or table stands."""
        while path not in self._found:
            path = path[:-1]
        return self._found[path]

    def of_text(self, *path: str | int) -> int:
        """Where the text of a key begins: below it, when three quotation marks end the line."""
        return self.of(*path, _BEGINS)


def _path(dotted: str) -> Path:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
