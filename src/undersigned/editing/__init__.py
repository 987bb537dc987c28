"""What the letters of campaigns say, at the desk: edited, tried out, kept in versions, and given to campaigns."""
