"""The network team's interface to listings: found, edited, decided on, gone back to, undone."""
