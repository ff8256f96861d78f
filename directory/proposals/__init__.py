"""Proposals: an HR officer asks that a provider join the network; the network team negotiates, and lists it.

A proposal is a case (directory.cases) with a provider, a need, and backing. Plain functions that take a session; each
locks, changes, writes events, audit and mail in the caller's transaction.
"""
