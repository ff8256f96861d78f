"""Listings: what one is, what members see of it, and the one room that changes it."""
