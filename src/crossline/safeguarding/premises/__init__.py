"""Cuckooed premises: a register with visits, signs and reviews, and the tenants in it who are victims first."""
