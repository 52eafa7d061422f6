"""What leaves Crossline: exports and the score sheet."""
