"""Campaigns (intensification weeks) and their returns; joint work between agencies."""
