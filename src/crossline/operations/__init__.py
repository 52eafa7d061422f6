"""Campaigns (intensification weeks) and their returns."""
