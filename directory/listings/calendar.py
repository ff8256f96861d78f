"""What days bring: suspensions that begin, and those that are over, each as a change of its own by nobody's hand."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from directory.actors import command
from directory.listings.changing import change_listing
from directory.listings.facts import Facts

CALENDAR = command("calendar")
ACTION = "calendar"
# A day's listings, one short transaction each: nobody who edits one waits for the others.
_DUE = text("""
SELECT id FROM listing
 WHERE (suspended_until <= :today AND status IN ('active', 'suspended'))
    OR (suspended_from <= :today AND status = 'active')
 UNION
SELECT listing_id FROM agreement
 WHERE (suspended_until <= :today AND status IN ('active', 'suspended'))
    OR (suspended_from <= :today AND status = 'active')
 ORDER BY 1 LIMIT 1000
""")
_OVER = {"status": "active", "suspended_from": None, "suspended_until": None}


def follow_calendar(engine: Engine, today: dt.date) -> int:
    """Do what is due on a day or was before; gives how many listings were changed. It may be done again."""
    with engine.connect() as connection:
        due = [row[0] for row in connection.execute(_DUE, {"today": today})]
    for listing_id in due:
        with Session(engine) as session, session.begin():
            change_listing(session, listing_id, Calendar(today), actor=CALENDAR, action=ACTION)
    return len(due)


class Calendar:
    """The edit that a day makes."""

    def __init__(self, today: dt.date) -> None:
        self._today = today.isoformat()

    def __call__(self, facts: Facts) -> Facts:
        """The facts as they are on that day."""
        agreements = [self._turn(each, {"suspension_reason": None, "instead": None}) for each in facts["agreements"]]
        listing = self._turn(facts["listing"], {"status_reason": None})
        return {**facts, "listing": listing, "agreements": agreements}

    def _turn(self, suspendable: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
        begins, ends, status = (suspendable[name] for name in ("suspended_from", "suspended_until", "status"))
        if status not in ("active", "suspended"):
            return dict(suspendable)
        if ends and ends <= self._today:
            return {**suspendable, **_OVER, **over}
        if status == "active" and begins and begins <= self._today:
            return {**suspendable, "status": "suspended"}
        return dict(suspendable)
