"""How tests try every order of steps: the same ones each time, others and more of them in the long form."""

import hypothesis
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from tests.worlds.clock import soak


def try_orders(machine: type[RuleBasedStateMachine], *, usual: tuple[int, int], long: tuple[int, int]) -> None:
    """Run a machine; each pair is how many runs, and of how many steps."""
    runs, steps = long if soak() else usual
    settings = hypothesis.settings(
        max_examples=runs,
        stateful_step_count=steps,
        derandomize=not soak(),
        database=None,
        print_blob=True,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    run_state_machine_as_test(machine, settings=settings)
