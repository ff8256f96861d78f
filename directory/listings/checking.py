"""Fields that a person gave, checked one by one: what is wrong with each is collected, and told together."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from directory.errors import Fault, InvalidRequest
from directory.listings.values import clean_line

LONGEST_NAME = 300
LONGEST_LINE = 200
# Of a street, a letter box or a page.
LONGEST_ADDRESS = 500
# Why somebody did something.
LONGEST_REASON = 500
MOST_SPECIALTIES = 30

Value = TypeVar("Value")


@dataclass(slots=True)
class Checks:
    """Collects what is wrong, by JSON pointer, and goes on."""

    faults: list[Fault] = field(default_factory=list)

    def read(self, where: str, parse: Callable[[str], Value], text: str | None) -> Value | None:
        """What `parse` makes of the text; None where it is empty or wrong."""
        if text is None or not text.strip():
            return None
        if len(text) > LONGEST_ADDRESS:
            self.faults.append(Fault(where, f"At most {LONGEST_ADDRESS} characters.", most=LONGEST_ADDRESS))
            return None
        try:
            return parse(text)
        except ValueError as error:
            message = str(error)
            self.faults.append(Fault(where, f"{message[:1].upper()}{message[1:]}."))
            return None

    def line(self, where: str, text: str | None, longest: int = LONGEST_LINE) -> str | None:
        """One line of text."""
        cleaned = clean_line(text or "")
        if len(cleaned) > longest:
            self.faults.append(Fault(where, f"At most {longest} characters.", most=longest))
        return cleaned or None

    def code(self, where: str, value: str, allowed: Iterable[str]) -> str:
        """One of a closed list."""
        choices = tuple(allowed)
        if value not in choices:
            self.faults.append(Fault(where, "This is not one of the codes.", choices))
        return value

    def count(self, where: str, value: int | None, most: int) -> None:
        """A number of people, visits or days."""
        if value is not None and not 0 <= value <= most:
            self.faults.append(Fault(where, f"A whole number from 0 to {most:,}.", most=most))

    def end(self) -> None:
        """Raises InvalidRequest with every fault, where there is one."""
        if self.faults:
            raise InvalidRequest(*self.faults)


def check_reason(reason: str | None, *, needed: bool = True) -> str | None:
    """Why it is done, in one line. Raises InvalidRequest where it is needed and missing, or too long."""
    checks = Checks()
    line = checks.line("/reason", reason, LONGEST_REASON)
    if needed and not line:
        checks.faults.append(Fault("/reason", "Say why: it is kept with the change."))
    checks.end()
    return line
