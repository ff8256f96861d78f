"""Pages behind a sign-in."""
