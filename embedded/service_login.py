"""The database login of the demonstration's service: it may do the service's work, and not touch the audit.

The schema's owner could switch off what protects the audit; so the service is not the owner. What it may do is granted
to the role `provider_directory_service` by the migrations; the login is a member of it, and nothing more.
`python -m embedded.service_login` makes it as the owner of DATABASE_URL, with the password of SERVICE_PASSWORD.
"""

import os
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

LOGIN = "directory_service"
ROLE = "provider_directory_service"


def make_service_login(owner_url: str, password: str) -> str:
    """Make the login in the server of `owner_url`, or give it this password; the address to connect to as it."""
    login = sql.Identifier(LOGIN)
    with psycopg.connect(owner_url) as connection:
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [LOGIN]).fetchone()
        statement = "ALTER ROLE {} LOGIN PASSWORD {}" if known else "CREATE ROLE {} LOGIN PASSWORD {}"
        connection.execute(sql.SQL(statement).format(login, sql.Literal(password)))
        connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(ROLE), login))
    parts = urlsplit(owner_url)
    where = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{LOGIN}:{quote(password, safe='')}@{where}"))


if __name__ == "__main__":
    make_service_login(os.environ["DATABASE_URL"], os.environ["SERVICE_PASSWORD"])
