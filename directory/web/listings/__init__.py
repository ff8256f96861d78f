"""Listings as the network team sees them, for the interface and for pages."""
