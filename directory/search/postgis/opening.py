"""What is open now, as PostGIS asks for it: hours are few texts on many listings, and each text is read here.

No column holds the minutes of a week: only this search, which answers while the engine is away, would look at it.
"""

from dataclasses import replace

from directory.search.opening import clocks_at, is_open
from directory.search.postgis.clauses import Values
from directory.search.postgis.statements import Statements
from directory.search.request import SearchRequest

_WRITTEN = "SELECT DISTINCT hours FROM listing WHERE hours IS NOT NULL AND status = 'active'"


def with_open_hours(request: SearchRequest, statements: Statements) -> SearchRequest:
    """The request with the hours that are open at its moment, by time zone; itself where it does not ask."""
    if request.open_at is None or request.open_hours is not None:
        return request
    written = [row.hours for row in statements.execute(_WRITTEN, Values())]
    open_hours = [
        (zones, texts)
        for clock, zones in clocks_at(request.open_at).items()
        if (texts := tuple(text for text in written if is_open(text, clock)))
    ]
    return replace(request, open_hours=tuple(open_hours))
