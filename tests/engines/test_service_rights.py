"""The service's own login may do what its work needs: numbers of new listings too."""

from collections.abc import Callable

import psycopg
import pytest


@pytest.mark.parametrize("table", ["provider", "location", "listing", "agreement"])
def test_the_service_may_number_what_it_makes(
    make_database: Callable[[str], str], template_database: str, table: str
) -> None:
    url = make_database(template_database)
    with psycopg.connect(url, options="-c role=provider_directory_service") as connection:
        numbered = connection.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", (table,)).fetchone()
    assert numbered
