"""Real open data, and invented agreements, for the demonstration: see README.md here."""
