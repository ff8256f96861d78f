"""Tables: one module a concept. Import the names from here."""

from directory.models.account import (
    AccessToken,
    Account,
    AccountSession,
    AccountStatus,
    Awaits,
    Client,
    OneTimeLink,
    Purpose,
    Role,
)
from directory.models.api_key import ApiKey
from directory.models.audit import AuditEntry, AuditSeal
from directory.models.base import AgreementStatus, Base, Kind, ListingStatus, Precision, Settlement
from directory.models.care import Call, Contact, HookMessage, Refusal
from directory.models.case import CaseAttachment, CaseEvent, CaseFile, CaseMessage, CaseSecret, Channel, MessageKind
from directory.models.change import Change, ChangedListing, ChosenListing, ManyChange, ManyStatus
from directory.models.codes import Country, Network, ProviderType, Specialty
from directory.models.curating import HiddenListing, ListingOwner, SavedView
from directory.models.findable import Findable
from directory.models.imports import FileKind, Import, ImportChange, ImportPiece, ImportRow, ImportStatus, RowOutcome
from directory.models.listing import Agreement, Listing, ListingSpecialty
from directory.models.location import Location
from directory.models.mail import MailMessage
from directory.models.outbox import AgreementSweep, Outbox, OutboxCommit
from directory.models.place import Place
from directory.models.proposal import CareSetting, NeedReason, Proposal, ProposalSupporter, Urgency
from directory.models.provider import Provider, ProviderIdentifier, ProviderName
from directory.models.rate import Rate
from directory.models.repeated import RepeatableRequest
from directory.models.report import Report, ReportKind, ReportStatus
from directory.models.visit import VisitDay, VisitSender

__all__ = [
    "AccessToken",
    "Account",
    "AccountSession",
    "AccountStatus",
    "Agreement",
    "AgreementStatus",
    "AgreementSweep",
    "ApiKey",
    "AuditEntry",
    "AuditSeal",
    "Awaits",
    "Base",
    "Call",
    "CareSetting",
    "CaseAttachment",
    "CaseEvent",
    "CaseFile",
    "CaseMessage",
    "CaseSecret",
    "Change",
    "ChangedListing",
    "Channel",
    "ChosenListing",
    "Client",
    "Contact",
    "Country",
    "FileKind",
    "Findable",
    "HiddenListing",
    "HookMessage",
    "Import",
    "ImportChange",
    "ImportPiece",
    "ImportRow",
    "ImportStatus",
    "Kind",
    "Listing",
    "ListingOwner",
    "ListingSpecialty",
    "ListingStatus",
    "Location",
    "MailMessage",
    "ManyChange",
    "ManyStatus",
    "MessageKind",
    "NeedReason",
    "Network",
    "OneTimeLink",
    "Outbox",
    "OutboxCommit",
    "Place",
    "Precision",
    "Proposal",
    "ProposalSupporter",
    "Provider",
    "ProviderIdentifier",
    "ProviderName",
    "ProviderType",
    "Purpose",
    "Rate",
    "Refusal",
    "RepeatableRequest",
    "Report",
    "ReportKind",
    "ReportStatus",
    "Role",
    "RowOutcome",
    "SavedView",
    "Settlement",
    "Specialty",
    "Urgency",
    "VisitDay",
    "VisitSender",
]
