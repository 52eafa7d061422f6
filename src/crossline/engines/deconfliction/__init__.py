"""Deconfliction, the pure part: what is looked up as equal texts, and what an agreement of such texts is worth."""
