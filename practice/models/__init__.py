"""What a setting's people write and do: reflections of one person, plans of a team."""

from practice.models.plans import ActionPlan, ActionReview, PlannedAction
from practice.models.reflections import Reflection, ReflectionCopy

__all__ = ["ActionPlan", "ActionReview", "PlannedAction", "Reflection", "ReflectionCopy"]
