"""HTML: thin pages over the same functions as the API."""
