"""Letters on their way and what came back, at the desk."""
