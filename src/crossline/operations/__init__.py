"""Campaigns (intensification weeks), their returns, and priorities."""
