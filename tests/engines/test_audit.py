"""The audit: chained by the database as transactions commit, and every tampering found."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from directory.actors import SYSTEM, Actor, Role
from directory.audit import Head, NoSuchHead, parse_head, record, verify_chain
from directory.db import make_engine

AMINA = Actor(account_id=uuid4(), role=Role.network, client_id=None, name="Amina", lang="fr")


@pytest.fixture
def engine(make_database: Callable[[str], str], template_database: str) -> Iterator[Engine]:
    """A database of its own: what is tampered with here stays so."""
    made = make_engine(make_database(template_database))
    yield made
    made.dispose()


def write(engine: Engine, count: int, actor: Actor = SYSTEM) -> None:
    for number in range(count):
        with Session(engine) as session, session.begin():
            record(session, actor, "change", f"proposal:{number}", {"état": number}, {"état": number + 1, "名": "診"})


def found(engine: Engine, known: Head | None = None) -> list[str]:
    with Session(engine) as session:
        return verify_chain(session, known).findings


def head(engine: Engine) -> Head:
    with Session(engine) as session:
        last = verify_chain(session).head
    assert last
    return last


def tamper(engine: Engine, *statements: str) -> None:
    """As someone would who has every right: with the triggers off while it is done."""
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            connection.execute(text(statement))


def test_entries_say_who_when_what_before_and_after(engine: Engine) -> None:
    write(engine, 1, AMINA)
    with engine.connect() as connection:
        row = connection.execute(text("SELECT * FROM audit_entry")).one()
    assert (row.actor_id, row.actor, row.role, row.action) == (AMINA.account_id, "Amina", "network", "change")
    assert (row.subject, row.before, row.after["名"]) == ("proposal:0", {"état": 0}, "診")
    assert row.at is not None


def test_an_untouched_chain_is_whole(engine: Engine) -> None:
    write(engine, 5)
    with Session(engine) as session:
        report = verify_chain(session)
    assert (report.entries, report.findings) == (5, [])
    assert report.head
    assert report.head.number == 5


def test_an_empty_audit_is_whole(engine: Engine) -> None:
    assert found(engine) == []


def test_a_change_that_is_rolled_back_leaves_no_entry(engine: Engine) -> None:
    with Session(engine) as session:
        record(session, SYSTEM, "change", "proposal:1", None, {})
        session.flush()
        session.rollback()
    write(engine, 1)
    assert (head(engine).number, found(engine)) == (1, [])


def test_many_writers_at_once_make_one_chain(engine: Engine) -> None:
    def several(_: int) -> None:
        for _ in range(10):
            with Session(engine) as session, session.begin():
                record(session, AMINA, "change", "proposal:1", None, {"a": 1})
                record(session, AMINA, "change", "proposal:2", {"a": 1}, None)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(several, range(8)))
    assert found(engine) == []
    assert head(engine).number == 160


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE audit_entry SET actor = 'nobody' WHERE id = 3", "link 3 does not fit"),
        ("UPDATE audit_entry SET at = at + interval '1 second' WHERE id = 3", "link 3 does not fit"),
        ("UPDATE audit_entry SET after = after || '{\"a\": 2}' WHERE id = 3", "link 3 does not fit"),
        ("UPDATE audit_entry SET before = NULL WHERE id = 3", "link 3 does not fit"),
        ("UPDATE audit_entry SET role = 'hr' WHERE id = 3", "link 3 does not fit"),
        ("DELETE FROM audit_entry WHERE id = 3", "entry 3 was removed"),
        ("DELETE FROM audit_seal WHERE number = 3", "links 3 to 3 are missing"),
        ("INSERT INTO audit_entry (actor, role, action, subject) VALUES ('x', 'hr', 'x', 'x')", "is in no chain"),
        ("UPDATE audit_seal SET hash = sha256('x') WHERE number = 5", "link 5 does not fit"),
        ("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_is_sealed", "missing or switched off"),
        ("DROP TRIGGER audit_seal_is_append_only ON audit_seal", "missing or switched off"),
    ],
)
def test_a_tampering_is_found(engine: Engine, change: str, said: str) -> None:
    write(engine, 5)
    tamper(engine, change)
    assert any(said in finding for finding in found(engine))


@pytest.mark.parametrize(
    ("emptied", "said"),
    [
        ("refuse", "audit_entry_is_append_only is there, but does not do its work"),
        ("refuse", "audit_seal_is_append_only is there, but does not do its work"),
        ("seal_audit_entry", "audit_entry_is_sealed is there, but does not do its work"),
    ],
)
def test_a_guard_that_does_nothing_is_found_though_it_has_its_name(engine: Engine, emptied: str, said: str) -> None:
    write(engine, 2)
    tamper(
        engine,
        f"CREATE OR REPLACE FUNCTION {emptied}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
    )
    assert any(said in finding for finding in found(engine))


def test_the_services_login_finds_an_idle_guard_too(engine: Engine) -> None:
    write(engine, 2)
    assert found_by_the_service(engine) == []
    tamper(
        engine,
        "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
    )
    assert len([finding for finding in found_by_the_service(engine) if "does not do its work" in finding]) == 2


def found_by_the_service(engine: Engine) -> list[str]:
    with Session(engine) as session, session.begin():
        session.execute(text("SET LOCAL ROLE provider_directory_service"))
        return verify_chain(session).findings


def test_a_guard_that_lets_the_table_be_emptied_is_found(engine: Engine) -> None:
    tamper(
        engine,
        "DROP TRIGGER audit_entry_is_append_only ON audit_entry",
        "CREATE TRIGGER audit_entry_is_append_only BEFORE UPDATE OR DELETE ON audit_entry"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse('the audit is only added to')",
    )
    assert any("audit_entry_is_append_only" in finding for finding in found(engine))


def test_what_a_verification_tries_leaves_nothing(engine: Engine) -> None:
    write(engine, 3)
    with Session(engine) as session, session.begin():
        verify_chain(session)
    assert (head(engine).number, found(engine)) == (3, [])


def test_two_entries_that_change_places_are_found(engine: Engine) -> None:
    write(engine, 5)
    tamper(
        engine,
        "UPDATE audit_seal SET entry_id = entry_id + 100",
        "UPDATE audit_entry SET id = id + 100",
        "UPDATE audit_seal SET entry_id = CASE number WHEN 2 THEN 203 WHEN 3 THEN 202 ELSE entry_id END",
        "UPDATE audit_seal SET entry_id = entry_id - 100 WHERE entry_id > 200",
    )
    assert len(found(engine)) >= 2


def test_an_end_that_was_cut_off_is_found_by_a_head_that_was_kept(engine: Engine) -> None:
    write(engine, 5)
    kept = head(engine)
    tamper(engine, "DELETE FROM audit_seal WHERE number > 3", "DELETE FROM audit_entry WHERE id > 3")
    assert found(engine) == []
    assert "not in the chain any more" in found(engine, kept)[0]


def test_a_kept_head_is_still_in_a_chain_that_went_on(engine: Engine) -> None:
    write(engine, 3)
    kept = head(engine)
    write(engine, 3)
    assert found(engine, kept) == []


def test_a_head_is_read_as_it_was_told() -> None:
    told = Head(7, "ab" * 32)
    assert parse_head(f" {told}\n") == told
    for words in ("", "7", "7:xy", "x:" + "ab" * 32):
        with pytest.raises(NoSuchHead):
            parse_head(words)


@pytest.fixture
def service(engine: Engine) -> Iterator[psycopg.Connection]:
    """A connection with the rights of the service, and no more."""
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True, options="-c role=provider_directory_service") as connection:
        yield connection


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET actor = 'x'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry CASCADE",
        "UPDATE audit_seal SET hash = ''",
        "DELETE FROM audit_seal",
        "INSERT INTO audit_seal VALUES (100, 1, '')",
        "INSERT INTO audit_entry (at, actor, role, action, subject) VALUES (now(), 'x', 'hr', 'x', 'x')",
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
        "DROP TABLE audit_seal",
        "SET session_replication_role = replica",
        "CREATE OR REPLACE FUNCTION seal_audit_entry() RETURNS trigger LANGUAGE sql AS 'SELECT NULL'",
    ],
)
def test_the_service_has_no_right_to_touch_the_audit(
    engine: Engine, service: psycopg.Connection, statement: str
) -> None:
    write(engine, 2)
    with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.SyntaxError)):
        service.execute(statement.encode())
    assert found(engine) == []


def test_the_service_adds_to_the_audit_and_does_its_work(engine: Engine, service: psycopg.Connection) -> None:
    service.execute("INSERT INTO audit_entry (actor, role, action, subject) VALUES ('x', 'hr', 'x', 'proposal:1')")
    service.execute("INSERT INTO client (code, name) VALUES ('a', 'A')")
    service.execute("UPDATE client SET name = 'B'")
    service.execute("DELETE FROM client")
    assert (found(engine), head(engine).number) == ([], 1)


def test_tables_of_later_migrations_are_open_to_the_service(engine: Engine, service: psycopg.Connection) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE later (id bigint GENERATED BY DEFAULT AS IDENTITY, word text)"))
    service.execute("INSERT INTO later (word) VALUES ('a')")
    assert service.execute("SELECT id FROM later").fetchone() == (1,)


def test_even_the_owner_is_refused(engine: Engine) -> None:
    write(engine, 1)
    with pytest.raises(Exception, match="only added to"), engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_seal"))
