"""Who sits where and how they are reached, at the desk."""
