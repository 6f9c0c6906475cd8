"""How Hypothesis searches here: without a clock, so that a busy machine fails no test."""

from hypothesis import settings

settings.register_profile("govcrm", deadline=None)
settings.load_profile("govcrm")
