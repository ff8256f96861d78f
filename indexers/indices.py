"""Indices and aliases: how an index is named, made, published under the alias that searches ask, and removed.

Of one directory there are: the index behind the alias (`providers`), while a rebuild runs the one that it fills, behind
a second alias (`providers-building`), and for a moment after the swap the former one, behind none.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from config.settings import get_settings
from directory.search.mapping import build_index_body
from indexers.errors import NoIndex
from indexers.stores import Stores

_STAMP = "%Y%m%d%H%M%S"
# Copies of a large index are made at some 100 MB a second; without them it is published too.
_COPIES_S = 300
# A million documents are not searchable and safe on disk in the time of other calls.
_FLUSH_S = 300

# While an index is filled, nobody searches it and a rebuild repeats what is lost: no refresh, no replica, and the
# write-ahead log is not forced to disk with each request.
_WHILE_FILLED: dict[str, Any] = {
    "refresh_interval": "-1",
    "number_of_replicas": 0,
    "translog": {"durability": "async", "flush_threshold_size": "1gb"},
}

# A killed engine writes again what its write-ahead log holds beyond the last commit, before it answers: half a gigabyte
# of it (400,000 listings) took a minute. So much takes some seconds.
_FLUSH_AFTER = "64mb"


class Indices:
    """The indices of one directory."""

    def __init__(self, stores: Stores) -> None:
        self._indices = stores.client.indices
        self._cluster = stores.client.cluster
        self.alias = stores.alias
        self.building_alias = f"{stores.alias}-building"
        self._pattern = re.compile(rf"{re.escape(stores.alias)}-\d{{14}}")

    def live(self) -> list[str]:
        """The indices behind the searched alias: one, unless something went wrong."""
        return self._behind(self.alias)

    def building(self) -> list[str]:
        """The indices that rebuilds are filling, or left half-built."""
        return self._behind(self.building_alias)

    def write_aliases(self) -> tuple[str, ...]:
        """The aliases that every change must be written to. Raises NoIndex when the first is missing or double."""
        answer = self._indices.get_alias(name=f"{self.alias},{self.building_alias}", ignore=404)
        live, building = (_indices_behind(alias, answer) for alias in (self.alias, self.building_alias))
        if len(live) != 1:
            raise NoIndex(f"{self.alias} names {len(live)} indices instead of one")
        return (self.alias, self.building_alias) if building else (self.alias,)

    def check_current(self) -> None:
        """Raises NoIndex unless the searched alias names one index, and the one that was published last.

        An index of a later name behind no alias was published after the searched one: somebody put the alias back, or
        restored it, and nobody knows what the workers wrote to which.
        """
        self.write_aliases()
        (live,) = self.live()
        building = self.building()
        if later := [name for name in self._leftovers_of(live) if name > live and name not in building]:
            raise NoIndex(f"{self.alias} names {live}, though {later[-1]} had taken its place")

    def has_data(self) -> bool:
        """Whether every shard of the searched index has a copy, or one that is coming up."""
        health = self._cluster.health(index=self.alias, params={"filter_path": "status,initializing_shards"})
        return bool(health["status"] != "red" or health["initializing_shards"])

    def show(self) -> None:
        """Let searches find all that was written to the searched index until now."""
        self._indices.refresh(index=self.alias, ignore=404)

    def mapping_version(self, index: str) -> int | None:
        """The MAPPING_VERSION that the index was made with."""
        mapping = self._indices.get_mapping(index=index)
        (described,) = mapping.values()
        version: int | None = described["mappings"].get("_meta", {}).get("mapping_version")
        return version

    def create(self) -> str:
        """Make an empty index to be filled, behind the alias of rebuilds; returns its name."""
        settings = get_settings()
        body = build_index_body(shards=settings.index_shards, replicas=settings.index_replicas)
        body["settings"] |= _WHILE_FILLED
        body["aliases"] = {self.building_alias: {"is_write_index": True}}
        name = self._free_name()
        self._indices.create(index=name, body=body)
        return name

    def finish(self, index: str) -> None:
        """Give a filled index the settings of one that is searched, make all of it searchable and safe on disk.

        Returns once its replicas are there, as far as there are nodes for them: who publishes it takes the copies of
        the former one away.
        """
        settings = get_settings()
        searched = build_index_body(shards=settings.index_shards, replicas=settings.index_replicas)["settings"]
        self._indices.put_settings(
            index=index,
            body={
                "refresh_interval": searched["refresh_interval"],
                "number_of_replicas": searched["number_of_replicas"],
                "translog": {"durability": None, "flush_threshold_size": _FLUSH_AFTER},
            },
        )
        self._indices.refresh(index=index, params={"request_timeout": _FLUSH_S})
        # The first makes all of it safe, but is not yet known to be: the engine would begin from an older commit.
        for force in ("false", "true"):
            self._indices.flush(index=index, params={"force": force, "request_timeout": _FLUSH_S})
        self._cluster.health(
            index=index,
            params={
                "wait_for_events": "languid",  # until then replicas may not even be under way
                "wait_for_no_initializing_shards": "true",
                "timeout": f"{_COPIES_S}s",
                "request_timeout": _COPIES_S + 10,
            },
        )

    def publish(self, index: str) -> list[str]:
        """Let searches ask `index` from now on, in one step; returns the indices that they asked before."""
        former = [name for name in self.live() if name != index]
        actions: list[dict[str, Any]] = [
            {"add": {"index": index, "alias": self.alias, "is_write_index": True}},
            {"remove": {"index": index, "alias": self.building_alias}},
            *({"remove": {"index": name, "alias": self.alias}} for name in former),
        ]
        if self._indices.exists(index=self.alias) and not former and index not in self.live():
            # Somebody wrote to the alias while it was missing, and the engine made an index of that name.
            actions.append({"remove_index": {"index": self.alias}})
        self._indices.update_aliases(body={"actions": actions})
        return former

    def remove(self, index: str) -> None:
        """Delete an index that no search asks; one that is searched is left alone."""
        if index not in self.live():
            self._indices.delete(index=index, ignore=404)

    def leftovers(self) -> list[str]:
        """Indices of earlier rebuilds that are not searched. Meaningful only while no rebuild runs."""
        return self._leftovers_of(*self.live())

    def _leftovers_of(self, *live: str) -> list[str]:
        return [name for name in self._all() if name not in live]

    def _all(self) -> list[str]:
        answer = self._indices.get_alias(index=f"{self.alias}-*", ignore=404)
        return sorted(name for name in answer if self._pattern.fullmatch(name))

    def _behind(self, alias: str) -> list[str]:
        return _indices_behind(alias, self._indices.get_alias(name=alias, ignore=404))

    def _free_name(self) -> str:
        """The second it is made in, and later than every other's whatever the clock says: names tell the order."""
        made = datetime.now(UTC)
        if names := self._all():
            newest = datetime.strptime(names[-1].removeprefix(f"{self.alias}-"), _STAMP).replace(tzinfo=UTC)
            made = max(made, newest + timedelta(seconds=1))
        return f"{self.alias}-{made:{_STAMP}}"


def _indices_behind(alias: str, answer: dict[str, Any]) -> list[str]:
    # Where an alias is missing, the answer has its complaint among the indices.
    return sorted(index for index, its in answer.items() if isinstance(its, dict) and alias in its.get("aliases", {}))
