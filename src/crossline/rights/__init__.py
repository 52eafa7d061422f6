"""What people may ask about themselves: the subject access pack, and what may be left out of it."""
