"""A name put to a petition or a pledge."""
