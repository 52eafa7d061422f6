"""Review, retention and disposal: clocks, reviews and holds, the journal of disposals, and their pages."""
