"""What a letter said before, at the desk: every version, what changed, and letting an old one hold again."""
