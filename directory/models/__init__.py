"""Tables: one module a concept. Import the names from here."""

from directory.models.api_key import ApiKey
from directory.models.audit import Audit
from directory.models.base import AgreementStatus, Base, Kind, ListingStatus, Precision, Settlement
from directory.models.codes import Country, Network, ProviderType, Specialty
from directory.models.imports import Import, ImportChange, ImportStatus
from directory.models.listing import Agreement, Listing, ListingSpecialty
from directory.models.location import Location
from directory.models.outbox import AgreementSweep, Outbox
from directory.models.place import Place
from directory.models.provider import Provider, ProviderIdentifier, ProviderName
from directory.models.rate import Rate
from directory.models.report import Report, ReportKind, ReportStatus

__all__ = [
    "Agreement",
    "AgreementStatus",
    "AgreementSweep",
    "ApiKey",
    "Audit",
    "Base",
    "Country",
    "Import",
    "ImportChange",
    "ImportStatus",
    "Kind",
    "Listing",
    "ListingSpecialty",
    "ListingStatus",
    "Location",
    "Network",
    "Outbox",
    "Place",
    "Precision",
    "Provider",
    "ProviderIdentifier",
    "ProviderName",
    "ProviderType",
    "Rate",
    "Report",
    "ReportKind",
    "ReportStatus",
    "Settlement",
    "Specialty",
]
