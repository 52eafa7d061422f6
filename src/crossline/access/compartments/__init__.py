"""Compartments: who belongs to one, how somebody comes to and how it ends."""
