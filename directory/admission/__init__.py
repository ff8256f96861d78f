"""Who may ask, how often, and what of it was asked before."""
