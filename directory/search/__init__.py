"""Search: a request, the query that it becomes, the engine that answers, the results.

It owns the index mapping and knows neither Flask nor tables (its `sql.py`, the search that PostGIS answers, aside).
"""
