"""The kinds of cases of customer service as data: states, actions, clocks, who reads them (docs/care.md has them too).

What is said in all of them may be sealed, so nothing of it goes into the audit. An admin looks after the service and
reads none of them.
"""

from collections.abc import Mapping
from dataclasses import replace

from directory.actors import Outside, Role
from directory.care.desks import at_any_hour, in_days, step
from directory.cases.readers import Reads
from directory.cases.workflow import Action, Workflow

_NETWORK = Role.network


def _by_name(*actions: Action) -> Mapping[str, Action]:
    return {action.name: action for action in actions}


REFUSALS = Workflow(
    kind="refusal",
    letter="R",
    start="received",
    waiting=None,
    ends=frozenset(
        ("accepts_again", "letter_offered", "alternative_given", "agreement_suspended", "unfounded", "withdrawn")
    ),
    actions=_by_name(
        step("contact", "received", "contacting", takes="note channel confirmed"),
        step("persuaded", "contacting", "accepts_again", takes="message note"),
        step("letter", "contacting", "letter_offered", takes="message note"),
        step(
            "alternative", "received contacting", "alternative_given",
            takes="listing_ids telehealth message note confirmed",
        ),
        step(
            "suspend", "contacting", "agreement_suspended", _NETWORK,
            takes="from until instead agreement_id message note", needs="reason until",
        ),
        step("dismiss", "received contacting", "unfounded", takes="message note", needs="reason", also=(_NETWORK,)),
        step("withdraw", "received", "withdrawn", Outside.opener),
    ),
    openers=frozenset((Outside.opener,)),
    reads=Reads(frozenset((Role.care, _NETWORK))),
    clocks=(in_days("refusal", "first_contact", "received"), in_days("refusal", "outcome", "received contacting")),
    holds_health=True,
)  # fmt: skip
# Somebody stands at the desk.
REFUSALS_AT_DESK = replace(REFUSALS, clocks=(at_any_hour("refusal", "at_desk", "received"), *REFUSALS.clocks))
# The outcomes in which the desk spoke to the provider, and it did refuse.
CONFIRMING = frozenset(("persuaded", "letter", "suspend"))

_OUTCOMES = ("reached", "no_answer", "busy", "wrong_number")
CALLS = Workflow(
    kind="call",
    letter="T",
    start="requested",
    waiting=None,
    ends=frozenset((*_OUTCOMES, "cancelled", "expired")),
    actions=_by_name(
        step("claim", "requested", "calling"),
        *(step(outcome, "calling", outcome, takes="note") for outcome in _OUTCOMES),
        step("cancel", "requested", "cancelled", Outside.opener),
        step("expire", "requested", "expired", Outside.clock),
    ),
    openers=frozenset((Outside.opener,)),
    reads=Reads(frozenset((Role.care,))),
    clocks=(at_any_hour("call", "call", "requested"),),
    holds_health=True,
)
URGENT_CALLS = replace(CALLS, clocks=(at_any_hour("call", "urgent", "requested", "call"),))

CONTACTS = Workflow(
    kind="contact",
    letter="Q",
    start="received",
    waiting=None,
    ends=frozenset(("answered", "forwarded", "withdrawn")),
    actions=_by_name(
        step("claim", "received", "at_work"),
        step("answer", "received at_work", "answered", needs="message", takes="note"),
        # To another desk, which answers.
        step("forward", "received at_work", "forwarded", needs="note", takes="message"),
        step("withdraw", "received", "withdrawn", Outside.opener),
        step("reopen", "answered forwarded", "at_work", takes="note"),
    ),
    openers=frozenset((Outside.opener,)),
    reads=Reads(frozenset((Role.care,))),
    clocks=(in_days("contact", "answer", "received at_work"),),
    holds_health=True,
)

KINDS = {each.kind: each for each in (REFUSALS, CALLS, CONTACTS)}

# What a question may be about, and a call: phrases `care.topic_…`.
TOPICS = (
    "claims_coverage",
    "membership_cards",
    "work_details",
    "letter",
    "provider",
    "card_refused",
    "propose",
    "complaint",
    "sign_in",
    "eligibility",
    "privacy",
    "other",
)
