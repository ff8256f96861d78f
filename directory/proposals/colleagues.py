"""What an officer hands on to colleagues once their provider is there: its name, how to pay, and where it is."""

from config.settings import get_settings
from directory.listings.agreements import read_terms
from directory.listings.shown import PublicAgreement
from directory.models import Proposal
from directory.wording.catalogue import phrase
from directory.wording.payment import payment_sentences


def terms_in_words(proposal: Proposal, lang: str) -> tuple[str, str]:
    """How members will pay there, as outpatients and as inpatients, by the terms that were agreed."""
    terms = read_terms(proposal.agreement or {})
    agreed = PublicAgreement(
        network=terms.network,
        outpatient=terms.outpatient,
        inpatient=terms.inpatient,
        tariff=terms.tariff,
        notice_days=terms.notice_days,
    )
    return payment_sentences([agreed], lang)


def message_to_colleagues(proposal: Proposal, lang: str) -> str:
    """The message of a listed proposal, ready to be sent: some lines of plain text, at the end its page with a map."""
    outpatient, inpatient = terms_in_words(proposal, lang)
    return phrase(
        lang,
        "proposals.to_colleagues",
        name=", ".join(filter(None, (proposal.name, proposal.city))),
        outpatient=outpatient,
        inpatient=inpatient,
        link=f"{get_settings().public_address}/search/{proposal.listing_id}",
    )
