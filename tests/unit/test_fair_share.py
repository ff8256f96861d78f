"""Which worker a new connection is left to."""

import os

from directory.serving.fair_share import FairShare


def test_one_alone_leaves_nothing_to_others() -> None:
    shares = FairShare()
    shares.holds(1, 5)
    assert not shares.is_more_than_another_holds(5)


def test_the_one_with_more_leaves_it_to_the_one_with_fewer() -> None:
    shares = FairShare()
    shares.holds(1, 5)
    shares.holds(2, 4)
    assert shares.is_more_than_another_holds(5)
    assert not shares.is_more_than_another_holds(4)


def test_nothing_is_left_to_one_that_takes_no_more() -> None:
    shares = FairShare()
    shares.holds(1, 5)
    shares.holds(2, 0)
    shares.leaves(2)
    assert not shares.is_more_than_another_holds(5)


def test_it_begins_with_nobody() -> None:
    assert not FairShare().is_more_than_another_holds(1000)


def test_forked_processes_see_the_same() -> None:
    shares = FairShare()
    child = os.fork()
    if child == 0:
        shares.holds(200, 3)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert shares.is_more_than_another_holds(4)
    assert not shares.is_more_than_another_holds(3)
