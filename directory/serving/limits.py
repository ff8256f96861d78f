"""What a client may take: time, bytes and connections; docs/operations.md tells of the settings."""

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from config.settings import Settings

# A head is longer only by mistake or in bad faith. gunicorn has limits of its own for its line and each of its fields.
LARGEST_HEAD = 32_768
# For so long a client may take to close its side; closed before, what it still sends could cut off its answer.
LAST_WORD_S = 2.0
# Where files of providers are brought, which are larger than any other body.
_IMPORTS = frozenset(("/v1/imports", "/network/imports"))
# The form around a file.
_FORM = 64 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Those of one worker."""

    head_s: float
    idle_s: float
    bytes_per_s: int
    largest_body: int
    largest_import: int
    kept: int
    connections: int
    connections_of_an_address: int
    unlimited: frozenset[str]

    def largest_of(self, path: str) -> int:
        """How many bytes a body that is sent to this path may have."""
        return max(self.largest_body, self.largest_import) if path in _IMPORTS else self.largest_body

    def latest(self, began: float, moved: int) -> float:
        """Until when a client that took or sent `moved` bytes since `began` is waited for.

        Bytes buy time, silence does not: who stalls is given up soon, a large file over a poor line is not.
        """
        return began + self.head_s + moved / self.bytes_per_s


def load_limits(settings: Settings, connections: int) -> Limits:
    """The limits of a worker that may hold so many connections."""
    # Each worker counts for itself, and new connections are spread evenly.
    of_an_address = -(-settings.connections_per_address // settings.web_workers)
    return Limits(
        head_s=settings.head_seconds,
        idle_s=settings.idle_seconds,
        bytes_per_s=settings.slowest_bytes_per_second,
        largest_body=settings.largest_body_mb << 20,
        largest_import=(settings.largest_import_mb << 20) + _FORM,
        kept=(settings.slow_clients_mb << 20) // settings.web_workers,
        connections=connections,
        connections_of_an_address=of_an_address or connections,
        unlimited=places_without_limit(settings),
    )


def place_of(address: str) -> str:
    """Whom an address stands for: itself, and of IPv6 the /64 that one customer is given.

    Some proxies write a port behind it: "192.0.2.7:80", "[2001:db8::1]:80". What is no address stands for itself.
    """
    bare = address.partition("%")[0]
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        host = ip_address(bare)
    except ValueError:
        return address
    if not isinstance(host, IPv6Address):
        return bare
    return str(host.ipv4_mapped or IPv6Address(int(host) >> 64 << 64))


def places_without_limit(settings: Settings) -> frozenset[str]:
    """Whom no limit of addresses holds for: the machine itself, and a balancer, which brings everybody."""
    return frozenset(place_of(each.strip()) for each in settings.unlimited_addresses.split(","))
