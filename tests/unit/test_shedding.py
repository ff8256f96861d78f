"""How long a request may have waited: a burst may wait longer than those in a queue that stands."""

from directory.web.shedding import LONGEST_STANDING_WAIT_S, LONGEST_WAIT_S, STANDING_S, Patience


class Clock:
    """Time that the test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_burst_passes() -> None:
    clock = Clock()
    patience = Patience(clock)
    assert not patience.ends(0.0)
    clock.now += STANDING_S / 2
    assert not patience.ends(LONGEST_WAIT_S - 0.01)
    assert patience.ends(LONGEST_WAIT_S + 0.01)


def stand(patience: Patience, clock: Clock) -> None:
    """For longer than a queue may stand, everybody waits, though not too long."""
    for _ in range(8):
        assert not patience.ends(LONGEST_STANDING_WAIT_S - 0.01)
        clock.now += STANDING_S / 5


def test_queue_that_stands_is_cut_shorter() -> None:
    clock = Clock()
    patience = Patience(clock)
    stand(patience, clock)
    assert patience.queue_stands()
    assert patience.ends(LONGEST_STANDING_WAIT_S + 0.01)
    assert not patience.ends(LONGEST_STANDING_WAIT_S - 0.01)


def test_one_that_came_through_at_once_ends_the_standing() -> None:
    clock = Clock()
    patience = Patience(clock)
    stand(patience, clock)
    assert patience.ends(LONGEST_STANDING_WAIT_S + 0.01)
    assert not patience.ends(0.01)
    assert not patience.queue_stands()
    assert not patience.ends(LONGEST_STANDING_WAIT_S + 0.01)


def test_single_ones_far_apart_are_no_standing_queue() -> None:
    clock = Clock()
    patience = Patience(clock)
    for _ in range(5):
        clock.now += 3600
        assert not patience.ends(LONGEST_WAIT_S - 0.01)
        assert not patience.queue_stands()


def test_pause_ends_the_standing() -> None:
    clock = Clock()
    patience = Patience(clock)
    stand(patience, clock)
    clock.now += 3600
    assert not patience.ends(LONGEST_WAIT_S - 0.01)
    assert not patience.queue_stands()
