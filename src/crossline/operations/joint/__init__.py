"""Joint work: what agencies ask of each other, with clocks that both sides see, and who leads on a line."""
