"""Documents: what the index is told of a listing."""

from typing import Any

import orjson

from directory.search.mapping import build_index_body
from indexers.documents import load_documents
from tests.engines.index_world import World


def body_of(world: World, listing: int) -> dict[str, Any]:
    with world.stores.engine.connect() as connection:
        (document,) = load_documents(connection, [listing])
    assert document.listing_id == listing
    body: dict[str, Any] = orjson.loads(document.body)
    return body


def test_document_has_every_name_in_every_script(world: World) -> None:
    listing = world.add_listing("Al Shifa Hospital")
    world.sql(
        "INSERT INTO provider_name SELECT provider_id, 0, 'مستشفى الشفاء', 'ar', 'Arab' FROM listing WHERE id = :id",
        id=listing,
    )
    body = body_of(world, listing)
    assert body["name"] == ["Al Shifa Hospital", "مستشفى الشفاء"]
    assert body["shown"]["names"][1] == {"text": "مستشفى الشفاء", "lang": "ar", "script": "Arab"}


def test_document_has_longitude_before_latitude(world: World) -> None:
    body = body_of(world, world.add_listing())
    assert body["location"] == [36.8, -1.3]
    assert body["shown"]["location"] == {"lon": 36.8, "lat": -1.3, "precision": "exact"}


def test_city_is_found_as_written_and_as_the_gazetteer_names_it(world: World) -> None:
    listing = world.add_listing()
    world.sql(
        "INSERT INTO place (id, name, country, population, point)"
        " VALUES (184745, 'Nairobi City', 'KE', 4, ST_MakePoint(36.8, -1.3)::geography) ON CONFLICT DO NOTHING"
    )
    world.sql("UPDATE location SET place_id = 184745")
    body = body_of(world, listing)
    assert body["city"] == ["Nairobi", "Nairobi City"]
    assert body["place"] == "184745"


def test_only_agreements_in_force_today_are_indexed(world: World) -> None:
    listing = world.add_listing()
    world.agree(listing, "worldwide", "[2020-01-01,)")
    world.agree(listing, "regional", "[2020-01-01,2021-01-01)")
    world.agree(listing, "regional", "[2999-01-01,)")
    body = body_of(world, listing)
    assert body["agreement"] == ["worldwide:cl1"]
    assert body["network"] == ["worldwide"]
    assert [agreement["network"] for agreement in body["shown"]["agreements"]] == ["worldwide"]


def test_suspended_listing_is_not_live_and_holds_nothing_to_show(world: World) -> None:
    body = body_of(world, world.add_listing(status="suspended"))
    assert (body["live"], body["status"], body["name"]) == (False, "suspended", ["Nairobi Hospital"])
    assert "shown" not in body


def test_owner_source_and_day_of_confirmation_are_searched_and_not_shown(world: World) -> None:
    listing = world.add_listing()
    account = world.value("INSERT INTO account (email, role) VALUES ('nadia@example.org', 'network') RETURNING id")
    world.sql("INSERT INTO listing_owner VALUES (:listing, :account)", listing=listing, account=account)
    world.change(listing, source="ministry", external_id="M-1", verified_on="2026-01-15")
    body = body_of(world, listing)
    assert (body["owner"], body["source"], body["verified_on"]) == (str(account), "ministry", "2026-01-15")
    assert not {"owner", "source", "external_id"} & set(body["shown"])


def test_a_new_owner_puts_the_listing_into_the_outbox(world: World) -> None:
    listing = world.add_listing()
    account = world.value("INSERT INTO account (email, role) VALUES ('omar@example.org', 'network') RETURNING id")
    for statement in (
        "INSERT INTO listing_owner VALUES (:listing, :account)",
        "DELETE FROM listing_owner WHERE listing_id = :listing AND account_id = :account",
    ):
        world.sql("DELETE FROM outbox")
        world.sql(statement, listing=listing, account=account)
        assert world.value("SELECT array_agg(listing_id) FROM outbox") == [listing]


def test_empty_fields_are_left_out_of_the_card(world: World) -> None:
    shown = body_of(world, world.add_listing())["shown"]
    assert all(value not in (None, [], "") for value in shown.values())
    assert "email" not in shown


def test_what_only_the_network_team_sees_is_not_in_the_card(world: World) -> None:
    listing = world.add_listing()
    world.change(listing, status_reason="under discussion")
    assert "discussion" not in str(body_of(world, listing))


def test_every_field_of_a_document_is_one_of_the_mapping(world: World) -> None:
    listing = world.add_listing(languages=("sw",))
    world.agree(listing, "worldwide", "[2020-01-01,)")
    world.sql("INSERT INTO listing_specialty VALUES (:id, 'cardiology', 0)", id=listing)
    mapped = build_index_body(shards=1, replicas=0)["mappings"]["properties"]
    assert set(body_of(world, listing)) <= set(mapped)


def test_documents_come_with_the_revision_they_were_read_at(world: World) -> None:
    first, second = world.add_listing("First"), world.add_listing("Second")
    world.change(second)
    with world.stores.engine.connect() as connection:
        documents = load_documents(connection, [second, first, 999])
    assert [(document.listing_id, document.revision) for document in documents] == [(first, 1), (second, 2)]
