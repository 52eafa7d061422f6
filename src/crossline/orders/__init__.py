"""Orders of a court: the application for a telecommunications restriction order, and a tracker of every other order."""
