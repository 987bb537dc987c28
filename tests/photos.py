"""Photos for tests that send one."""

import io
from typing import Any

from PIL import Image


def photo(size: tuple[int, int] = (900, 1200), kind: str = "JPEG", **how: Any) -> bytes:
    """A photo: blue above, red beneath."""
    picture = Image.new(how.pop("mode", "RGB"), size, "blue")
    picture.paste("red", (0, size[1] // 2, size[0], size[1]))
    into = io.BytesIO()
    picture.save(into, kind, **how)
    return into.getvalue()
