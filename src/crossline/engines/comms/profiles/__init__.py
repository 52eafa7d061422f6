"""What each number does, and whether it looks like a deal line."""
