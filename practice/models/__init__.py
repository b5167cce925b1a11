"""What a setting's people write and do: reflections of one person, plans of a team; and how many."""

from practice.models.plans import ActionPlan, ActionReview, PlannedAction
from practice.models.reflections import Reflection, ReflectionCopy
from practice.models.tallies import SessionTally

__all__ = ["ActionPlan", "ActionReview", "PlannedAction", "Reflection", "ReflectionCopy", "SessionTally"]
