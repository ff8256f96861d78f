"""Several news of one case as one mail: nothing is lost, and nothing is said twice."""

from directory.mail.texts import Written, join

FOOT = "https://directory.example/hr/proposals/1"


def news(*said: str) -> Written:
    return Written(said[-1], "\n\n".join(("Hello,", *said, FOOT)) + "\n")


def test_what_all_of_them_say_is_said_once_and_the_last_gives_the_subject() -> None:
    joined = join([news("We look at it."), news("They were called."), news("It is listed.")])
    assert joined.subject == "It is listed."
    assert joined.body == f"Hello,\n\nWe look at it.\n\nThey were called.\n\nIt is listed.\n\n{FOOT}\n"


def test_one_that_says_what_a_later_one_says_again_keeps_its_own_words() -> None:
    joined = join([news("Which ward?", "Next: word by 4 December"), news("Settled.", "Next: word by 4 December")])
    assert joined.body.count("Next: word by 4 December") == 1
    assert joined.body.index("Which ward?") < joined.body.index("Settled.") < joined.body.index("Next:")
