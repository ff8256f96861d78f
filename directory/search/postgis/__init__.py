"""The search that PostGIS answers: when the engine cannot, and as the oracle of the tests."""
