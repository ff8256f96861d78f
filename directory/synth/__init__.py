"""A synthetic world for benchmarks: as many invented listings as wanted, placed and named as the real ones are."""

from directory.synth.errors import WorldRefused
from directory.synth.world import SynthReport, make_world

__all__ = ["SynthReport", "WorldRefused", "make_world"]
