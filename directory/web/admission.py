"""Who may ask from where, and how often: publishable keys, cross-origin sharing (CORS), rate limits.

Pages of the service's own origin need no key. Pages of other origins send a key in the address (`key=pk_…`), so that a
GET needs no preflight; a browser lets them read the answer where the key names their origin. There are no cookies, so
credentials are never allowed. Who reads without a key is counted by address.
"""

from urllib.parse import urlsplit

from flask import Response, g, request

from config.settings import get_settings, made_of_settings
from directory.admission import limits
from directory.admission.keys import Key, known_keys
from directory.admission.limits import Allowance, Limit, TooManyRequests, anonymous
from directory.admission.prepaid import prepaid
from directory.errors import DirectoryError
from directory.search.budget import are_long, count_letters
from directory.search.query import count_searches
from directory.search.request import SearchRequest
from directory.serving.limits import place_of, places_without_limit
from directory.vocabulary.codes import load_codes

EXPOSED = "ETag, RateLimit, RateLimit-Policy, Retry-After"
SENT = "Content-Type, Idempotency-Key, If-None-Match"
PREFLIGHT_MAX_AGE_S = 7200
# The largest body of a request is a report's; anything beyond is not read.
LARGEST_BODY = 32 * 1024

_READS = frozenset(("GET", "HEAD"))
_SAFE = _READS | {"OPTIONS"}


class OriginNotAllowed(DirectoryError):
    """The page that asks is of an origin that may not."""


class NetworkNotAllowed(DirectoryError):
    """A key of one network asks for another one."""

    def __init__(self, allowed: str) -> None:
        super().__init__(f"This key is for the network {allowed}.")
        self.allowed = allowed


def admit() -> Response | None:
    """Before each request of the public interface: refuse it by an error, answer a preflight, or let it pass."""
    if request.method not in _SAFE:
        request.max_content_length = LARGEST_BODY
    text = request.args["key"].strip() if "key" in request.args else ""
    if not text:
        if request.method not in _SAFE:
            require_own_origin()
        count_read()
        return None
    key = known_keys.find(text)
    _admit_origin(key)
    if request.method == "OPTIONS":
        return _preflight() if "Access-Control-Request-Method" in request.headers else None
    g.publishable_key = key
    network = request.args.get("network", "").strip()
    if key.network and network and set(network.split(",")) != {key.network}:
        raise NetworkNotAllowed(key.network)
    _tell(prepaid.use(Limit("key", key.rate_per_minute, 60), key.key))
    return None


def require_own_origin() -> None:
    """Refuse what a page of another origin sends: a form or a script of somebody else's. Raises OriginNotAllowed.

    Browsers name the origin of every request that changes something; a program that names none is no page.
    """
    origin = request.headers.get("Origin")
    foreign = not _is_own(origin) if origin else request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site")
    if foreign:
        raise OriginNotAllowed("Pages of other origins need a key that names their origin.")


def count_read() -> None:
    """Count a read by the address that asks, where addresses have a limit. Raises TooManyRequests."""
    quota = get_settings().reads_per_address
    if request.method in _READS and quota and place_of(request.remote_addr or "") not in _unlimited():
        _tell(prepaid.use(Limit("address", quota, 60), sender()))


def count_words(search: SearchRequest) -> None:
    """Count what long words cost the engine by the address that asks, with a key or without. Raises TooManyRequests.

    What people type is free (search/budget.py), and nobody counts it.
    """
    quota = get_settings().long_words_per_address
    if quota and are_long(search.units) and place_of(request.remote_addr or "") not in _unlimited():
        letters = count_letters(search.units) * count_searches(search, tuple(load_codes().networks))
        count_use(Limit("long-words", quota, 60), sender(), uses=letters)


@made_of_settings
def _unlimited() -> frozenset[str]:
    return places_without_limit(get_settings())


def sender() -> str:
    """A name for who asks from the address of this request, good for today's counts: it tells nobody the address."""
    return anonymous(place_of(request.remote_addr or ""))


def count_use(limit: Limit, subject: str, *, uses: int = 1) -> None:
    """Count a use, or so many at once, and let the answer tell what is left. Raises TooManyRequests."""
    _tell(limits.take(limit, subject, uses=uses))


def _tell(allowance: Allowance | None) -> None:
    if allowance:
        g.setdefault("allowances", []).append(allowance)
        if not allowance.allowed:
            raise TooManyRequests(allowance)


def current_key() -> Key | None:
    """The key that this request was admitted with."""
    key: Key | None = g.get("publishable_key")
    return key


def _is_own(origin: str) -> bool:
    # By the host alone: behind a balancer that ends TLS the scheme that we see is another one.
    try:
        return urlsplit(origin).netloc == request.host
    except ValueError:  # no origin at all, such as `http://[`
        return False


def _admit_origin(key: Key) -> None:
    origin = request.headers.get("Origin")
    if not origin or _is_own(origin):
        return
    if origin not in key.origins:
        raise OriginNotAllowed("This key does not name the origin of the page that asks.")
    g.allowed_origin = origin


def _preflight() -> Response:
    response = Response(status=204)
    methods = sorted((request.url_rule and request.url_rule.methods) or ())
    response.headers["Access-Control-Allow-Methods"] = ", ".join(methods)
    response.headers["Access-Control-Allow-Headers"] = SENT
    response.headers["Access-Control-Max-Age"] = str(PREFLIGHT_MAX_AGE_S)
    response.vary.update(("Access-Control-Request-Method", "Access-Control-Request-Headers"))
    return response


def tell_admission(response: Response) -> Response:
    """After each request of the public interface: who may read the answer, and what is left of each limit."""
    if "key" in request.args:
        response.vary.add("Origin")
    if origin := g.get("allowed_origin"):
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = EXPOSED
        # Our own policy for the browser would keep a portal's page from reading what it may.
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if allowances := g.get("allowances"):
        response.headers["RateLimit-Policy"] = ", ".join(map(_policy, allowances))
        response.headers["RateLimit"] = ", ".join(map(_left, allowances))
    return response


# Structured fields, as draft-ietf-httpapi-ratelimit-headers has them: quota and window, remaining and time to a reset.
def _policy(allowance: Allowance) -> str:
    return f'"{allowance.limit.name}";q={allowance.limit.quota};w={allowance.limit.period_s}'


def _left(allowance: Allowance) -> str:
    return f'"{allowance.limit.name}";r={allowance.remaining};t={allowance.restored_s}'
