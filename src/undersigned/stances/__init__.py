"""How we know where representatives stand: what they wrote, if its reader agrees to it being shown, and signed."""
