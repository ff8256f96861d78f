"""Everything that is INVENTED for the demonstration: agreements, languages spoken, dates of verification.

Open data knows no insurer's agreements. All of it is drawn from a hash of (source, external_id), so a listing
has the same agreements in every run and on every machine. The moment is fixed as well: dates are counted from
`REFERENCE_DATE`.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from demo.convert.form import Row

REFERENCE_DATE = date(2026, 11, 1)

# Shares, in per mille of the listings of a type, of (no network, one network, two networks).
_NETWORK_SHARES = {"hospital": (180, 560, 260), "pharmacy": (420, 500, 80)}
_OTHER_SHARES = (350, 530, 120)

# The networks that a listing is in, the first drawn more often; hospitals and ambulances also for emergencies.
_NETWORKS = ("worldwide", "worldwide", "worldwide", "essential", "essential", "local_staff")
_EMERGENCY_TYPES = frozenset({"hospital", "childrens_hospital", "ambulance"})

# Shares, in per mille, of (card, guarantee_letter, none) for outpatient care, then for inpatient care. Where
# nobody stays the night, nothing is settled for inpatients.
_HOSPITAL_SETTLEMENT = ((520, 260, 220), (230, 640, 130))
_SETTLEMENT = {
    "hospital": _HOSPITAL_SETTLEMENT,
    "childrens_hospital": _HOSPITAL_SETTLEMENT,
    "psychiatric_hospital": ((300, 400, 300), (100, 650, 250)),
    "maternity": ((350, 350, 300), (150, 600, 250)),
    "rehabilitation_centre": ((250, 450, 300), (80, 620, 300)),
    "hospice": ((100, 500, 400), (50, 650, 300)),
    "nursing_home": ((100, 400, 500), (50, 550, 400)),
    "polyclinic": ((480, 220, 300), (100, 400, 500)),
    "clinic": ((450, 220, 330), (60, 340, 600)),
    "health_centre": ((250, 200, 550), (20, 130, 850)),
    "pharmacy": ((620, 0, 380), None),
}
_OUTPATIENT_ONLY = ((450, 150, 400), None)

_SPOKEN = {
    "AO": ("pt",), "AS": ("en", "sm"), "AT": ("de",), "BE": ("nl", "fr"), "BR": ("pt",), "CD": ("fr", "sw", "ln"),
    "CH": ("de", "fr", "it"), "CI": ("fr",), "CM": ("fr", "en"), "CN": ("zh",), "DE": ("de",), "DZ": ("ar", "fr"),
    "EG": ("ar",), "ES": ("es",), "FR": ("fr",), "GB": ("en",), "GH": ("en",), "GR": ("el",), "GU": ("en",),
    "HK": ("zh", "en"), "IE": ("en",), "IN": ("hi", "en"), "IT": ("it",), "JP": ("ja",), "KE": ("en", "sw"),
    "KR": ("ko",),
    "LU": ("fr", "de"), "MA": ("ar", "fr"), "MP": ("en",), "NG": ("en",), "NL": ("nl",), "PH": ("fil", "en"),
    "PR": ("es", "en"),
    "PT": ("pt",), "PW": ("en",), "SE": ("sv",), "SN": ("fr", "wo"), "UA": ("uk",), "US": ("en",), "VI": ("en",),
    "BD": ("bn",), "CO": ("es",), "ET": ("am",), "HT": ("fr", "ht"), "ID": ("id",), "JO": ("ar",), "LB": ("ar", "fr"),
    "MX": ("es",), "PE": ("es",), "PK": ("ur", "en"), "TH": ("th",), "TR": ("tr",), "UG": ("en", "sw"), "VN": ("vi",),
    "NP": ("ne", "en"), "SA": ("ar", "en"), "SS": ("en", "ar"), "SY": ("ar",),
}  # fmt: skip


class Draw:
    """Numbers from the hash of (source, external_id, purpose), each call the next: no state but its own."""

    def __init__(self, source: str, external_id: str, purpose: str) -> None:
        self._seed = f"{source}\x1f{external_id}\x1f{purpose}"
        self._calls = 0

    def below(self, limit: int) -> int:
        """An integer from 0 to limit - 1."""
        self._calls += 1
        digest = hashlib.sha256(f"{self._seed}\x1f{self._calls}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % limit

    def one_of(self, shares: tuple[int, ...]) -> int:
        """The position that the draw falls on, the shares being per mille that add up to 1000."""
        point = self.below(1000)
        for position, share in enumerate(shares):
            point -= share
            if point < 0:
                return position
        return len(shares) - 1


@dataclass(frozen=True, slots=True)
class Agreement:
    """A listing's invented place in one network, as the import file's columns have it."""

    network: str
    outpatient: str
    inpatient: str
    tariff: bool
    notice_days: int | None
    effective_from: date
    effective_to: date | None

    def columns(self) -> Row:
        """The columns of an import row; what is not settled or not limited is left out."""
        row = {
            "network": self.network,
            "outpatient": self.outpatient,
            "inpatient": self.inpatient,
            "tariff": "true" if self.tariff else "false",
            "effective_from": self.effective_from.isoformat(),
        }
        if self.notice_days is not None:
            row["notice_days"] = str(self.notice_days)
        if self.effective_to is not None:
            row["effective_to"] = self.effective_to.isoformat()
        return row


def agreements(source: str, external_id: str, type_code: str) -> list[Agreement]:
    """None, one or two agreements, in different networks; the same for the same arguments, always.

    About 40 in 100 have a negotiated tariff, letters of guarantee ask for 7 to 10 days of notice, and 4 in
    100 have ended before `REFERENCE_DATE`.
    """
    draw = Draw(source, external_id, "agreements")
    hospital = type_code in _EMERGENCY_TYPES
    count = draw.one_of(_NETWORK_SHARES["hospital"] if hospital else _NETWORK_SHARES.get(type_code, _OTHER_SHARES))
    choices = _NETWORKS + (("emergency", "emergency") if hospital else ())
    networks: list[str] = []
    while len(networks) < count:
        network = choices[draw.below(len(choices))]
        if network not in networks:
            networks.append(network)
    return [_agreement(draw, network, type_code) for network in networks]


def _agreement(draw: Draw, network: str, type_code: str) -> Agreement:
    settlements = ("card", "guarantee_letter", "none")
    out_shares, in_shares = _SETTLEMENT.get(type_code, _OUTPATIENT_ONLY)
    outpatient = settlements[draw.one_of(out_shares)]
    inpatient = settlements[draw.one_of(in_shares)] if in_shares else "none"
    letters = "guarantee_letter" in (outpatient, inpatient)
    notice_days = 7 + draw.below(4) if letters else None
    tariff = draw.below(1000) < 400
    start = REFERENCE_DATE - timedelta(days=60 + draw.below(1800))
    ended = draw.below(1000) < 40
    # An end lies in the past, and after the start: the agreement has run for a month at least.
    end = start + timedelta(days=30 + draw.below((REFERENCE_DATE - start).days - 31)) if ended else None
    return Agreement(network, outpatient, inpatient, tariff, notice_days, start, end)


def languages(source: str, external_id: str, country: str) -> list[str]:
    """Language codes: the country's first one, often its others, sometimes English or French besides."""
    draw = Draw(source, external_id, "languages")
    first, *others = _SPOKEN.get(country, ("en",))
    spoken = [first] + [other for other in others if draw.below(1000) < 600]
    spoken += [extra for extra, share in (("en", 330), ("fr", 90)) if draw.below(1000) < share and extra not in spoken]
    return spoken


def verified_on(source: str, external_id: str) -> str:
    """A day within the two years before `REFERENCE_DATE`, for three in four listings; else nothing."""
    draw = Draw(source, external_id, "verified")
    if draw.below(4) == 0:
        return ""
    return (REFERENCE_DATE - timedelta(days=draw.below(730))).isoformat()


def with_inventions(source: str, row: Row) -> Iterator[Row]:
    """The row once without a network, or once for each agreement: rows of one external_id, the same listing."""
    key = row["external_id"]
    listing = row | {"languages": ";".join(languages(source, key, row["country"]))}
    if day := verified_on(source, key):
        listing["verified_on"] = day
    drawn = agreements(source, key, row["type"])
    yield from (listing | agreement.columns() for agreement in drawn)
    if not drawn:
        yield listing
