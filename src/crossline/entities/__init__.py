"""Matches, judgements, and entities as a viewer sees them; search."""
