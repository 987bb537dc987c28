"""Getting a letter to its reader."""
