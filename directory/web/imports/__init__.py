"""Imports as pages and interface both show and take them."""
