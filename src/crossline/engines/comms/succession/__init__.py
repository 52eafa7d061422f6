"""Which new number took over from which old one, and when."""
