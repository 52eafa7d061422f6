"""Where a line is run from and where it sells."""
