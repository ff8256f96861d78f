"""Listings over HTTP, for the network team."""
