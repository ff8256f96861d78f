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


def test_the_service_may_change_listings_and_the_outbox_notes_when_it_did(
    make_database: Callable[[str], str], template_database: str
) -> None:
    url = make_database(template_database)
    with psycopg.connect(url) as owner:
        owner.execute("INSERT INTO country VALUES ('KE') ON CONFLICT DO NOTHING")
        owner.execute("INSERT INTO provider_type VALUES ('hospital') ON CONFLICT DO NOTHING")
    with psycopg.connect(url, options="-c role=provider_directory_service") as service:
        service.execute(
            "INSERT INTO provider (kind, name, script, sort_name) VALUES ('organisation', 'A', 'Latn', 'a')"
        )
        service.execute("INSERT INTO location (country) VALUES ('KE')")
        service.execute(
            "INSERT INTO listing (provider_id, location_id, type)"
            " SELECT p.id, l.id, 'hospital' FROM provider p, location l"
        )
        service.execute("UPDATE listing SET revision = revision + 1")
    with psycopg.connect(url) as owner:
        assert owner.execute("SELECT count(*) FROM outbox JOIN outbox_commit USING (transaction_id)").fetchone() == (2,)
