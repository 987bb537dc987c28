"""Template letters out of the desk as folders in a zip, and in again."""
