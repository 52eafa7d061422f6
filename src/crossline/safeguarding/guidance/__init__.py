"""Guidance: the signs that somebody is exploited, and packs of them for each profession that may see them first."""
