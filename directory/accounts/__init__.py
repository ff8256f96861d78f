"""Accounts: who may sign in, how they prove it, and how long that lasts. Knows no HTTP."""
