"""The circuit breaker: who asks while a service is away."""

from directory.runtime.breaker import MOST_SLOW, Breaker


class Clock:
    """Time that the test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_everybody_asks_a_service_that_answers() -> None:
    breaker = Breaker(clock=Clock())
    assert breaker.allows()
    breaker.succeeded()
    assert breaker.allows()


def test_nobody_asks_for_a_while_after_a_failure() -> None:
    clock = Clock()
    breaker = Breaker(cool_off_s=1.0, clock=clock)
    breaker.failed()
    clock.now += 0.99
    assert not breaker.allows()


def test_one_asks_for_all_after_the_cool_off() -> None:
    clock = Clock()
    breaker = Breaker(cool_off_s=1.0, clock=clock)
    breaker.failed()
    clock.now += 1.0
    assert [breaker.allows() for _ in range(3)] == [True, False, False]


def test_one_success_closes_it() -> None:
    clock = Clock()
    breaker = Breaker(cool_off_s=1.0, clock=clock)
    breaker.failed()
    clock.now += 1.0
    assert breaker.allows()
    breaker.succeeded()
    assert [breaker.allows() for _ in range(3)] == [True, True, True]


def test_another_failure_keeps_it_open() -> None:
    clock = Clock()
    breaker = Breaker(cool_off_s=1.0, clock=clock)
    breaker.failed()
    clock.now += 1.0
    assert breaker.allows()
    breaker.failed()
    clock.now += 0.5
    assert not breaker.allows()


def test_one_who_asks_and_never_tells_does_not_keep_it_open_for_ever() -> None:
    clock = Clock()
    breaker = Breaker(cool_off_s=1.0, clock=clock)
    breaker.failed()
    clock.now += 1.0
    assert breaker.allows()
    clock.now += 1.0
    assert breaker.allows()


def test_question_that_was_too_much_opens_it_for_nobody() -> None:
    breaker = Breaker(clock=Clock())
    for _ in range(MOST_SLOW - 1):
        breaker.was_slow()
    assert breaker.allows()
    breaker.succeeded()
    breaker.was_slow()
    assert breaker.allows()


def test_service_that_gives_nobody_an_answer_in_time_is_away() -> None:
    breaker = Breaker(clock=Clock())
    for _ in range(MOST_SLOW):
        breaker.was_slow()
    assert not breaker.allows()
