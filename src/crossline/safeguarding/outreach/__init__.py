"""Outreach: after a closure, health partners offer help to those who bought from the line; nobody is recorded for it."""
