"""Pages of listings, for the network team."""
