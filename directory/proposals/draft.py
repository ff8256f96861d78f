"""What an officer says of a provider and of the need: checked in one place, whoever sent it."""

from dataclasses import dataclass, replace

from directory.errors import Fault, InvalidRequest
from directory.listings.checking import LONGEST_NAME, MOST_SPECIALTIES, Checks
from directory.listings.phones import parse_phones
from directory.listings.values import parse_address, parse_email, parse_website
from directory.models import CareSetting, Kind, NeedReason, Urgency
from directory.vocabulary.codes import load_codes
from geodata.countries import load_countries

# Why it is needed, in own words.
LONGEST_WORDS = 500
MOST_PEOPLE = 1_000_000


@dataclass(frozen=True, slots=True)
class ProposedProvider:
    """Who is proposed. `asked`, `willing`: whether somebody asked the provider to join, and what it said."""

    name: str
    type: str
    country: str
    name_local: str | None = None
    kind: str | None = None
    specialties: tuple[str, ...] = ()
    address: str | None = None
    city: str | None = None
    lat: float | None = None
    lon: float | None = None
    phone: str | None = None
    email: str | None = None
    website: str | None = None
    contact_person: str | None = None
    licence: str | None = None
    asked: bool | None = None
    willing: bool | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """Why, for how many people, for how many visits a year.

    `words`: why, where no reason of the list says it. `listing_id`: the listing that the reason is about.
    """

    reason: str
    people: int | None = None
    visits: int | None = None
    urgency: str = Urgency.normal.value
    settings: tuple[str, ...] = ()
    words: str | None = None
    listing_id: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What is proposed. `consent_named`: the client may be named to the provider."""

    provider: ProposedProvider
    need: Need
    consent_named: bool = False


def check_draft(draft: Draft) -> Draft:
    """The draft as it is kept. Raises InvalidRequest with every fault, by JSON pointer."""
    checks = Checks()
    provider = _check_provider(draft.provider, checks)
    need = _check_need(draft.need, checks)
    if checks.faults:
        raise InvalidRequest(*checks.faults)
    return replace(draft, provider=provider, need=need)


def _check_provider(provider: ProposedProvider, checks: Checks) -> ProposedProvider:
    codes = load_codes()
    at = "/provider/{}".format
    name = checks.line(at("name"), provider.name, LONGEST_NAME)
    if not name:
        checks.faults.append(Fault(at("name"), "The provider's name is needed."))
    country = checks.code(at("country"), provider.country.strip().upper(), load_countries())
    type_ = checks.code(at("type"), provider.type, codes.types)
    if (provider.lat is None) != (provider.lon is None):
        checks.faults.append(Fault(at("lat"), "lat and lon go together: give both or neither."))
    if len(provider.specialties) > MOST_SPECIALTIES:
        checks.faults.append(Fault(at("specialties"), f"At most {MOST_SPECIALTIES}.", most=MOST_SPECIALTIES))
    for specialty in provider.specialties:
        checks.code(at("specialties"), specialty, codes.specialties)
    known = codes.types.get(type_)
    kind = provider.kind or (known.provider_kind if known else None) or Kind.organisation.value
    return ProposedProvider(
        name=name or "",
        type=type_,
        country=country,
        name_local=checks.line(at("name_local"), provider.name_local, LONGEST_NAME),
        kind=checks.code(at("kind"), kind, Kind),
        specialties=tuple(dict.fromkeys(provider.specialties)),
        address=checks.read(at("address"), parse_address, provider.address),
        city=checks.line(at("city"), provider.city),
        lat=provider.lat,
        lon=provider.lon,
        phone=_phone(checks.line(at("phone"), provider.phone), country),
        email=checks.read(at("email"), parse_email, provider.email),
        website=checks.read(at("website"), parse_website, provider.website),
        contact_person=checks.line(at("contact_person"), provider.contact_person),
        licence=checks.line(at("licence"), provider.licence),
        asked=provider.asked,
        willing=provider.willing if provider.asked else None,
    )


def _check_need(need: Need, checks: Checks) -> Need:
    checks.code("/need/reason", need.reason, NeedReason)
    checks.code("/need/urgency", need.urgency, Urgency)
    for setting in need.settings:
        checks.code("/need/settings", setting, CareSetting)
    checks.count("/need/people", need.people, MOST_PEOPLE)
    checks.count("/need/visits", need.visits, MOST_PEOPLE)
    chosen = tuple(setting.value for setting in CareSetting if setting.value in need.settings)
    words = checks.line("/need/words", need.words, LONGEST_WORDS)
    return replace(need, settings=chosen, words=words)


def _phone(text: str | None, country: str) -> str | None:
    """E.164 where the number can be read so; what an officer copied from a door is worth keeping as it is."""
    if text is None or country not in load_countries():
        return text
    numbers = parse_phones(text, country).numbers
    return numbers[0] if len(numbers) == 1 else text
