"""Settings and data that the rest reads: no code but the reader of the environment."""
