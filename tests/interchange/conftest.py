"""The folder of shipped letters that the tests of the editor have."""

from editing.conftest import folder

__all__ = ["folder"]
