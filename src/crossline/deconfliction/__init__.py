"""Overlaps between what different agencies are working on."""
