"""Numbers into lines, lines into networks, and what the other phones did."""
