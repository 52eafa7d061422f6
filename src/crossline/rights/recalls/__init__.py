"""Recalls: what is disposed of is called back from whoever was given it. See docs/decisions/0038-recalls.md."""
