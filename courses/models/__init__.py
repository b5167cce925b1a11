"""The catalogue and the lesson pages."""

from courses.models.catalogue import (
    CourseIndexPage,
    CourseOutcome,
    CoursePage,
    CourseQuestion,
    HomePage,
    ProductSection,
    SectionPage,
)
from courses.models.lessons import (
    GatedPage,
    ReflectivePrompt,
    SessionOutcome,
    SessionPage,
    SessionPartPage,
    StarterAction,
)

__all__ = [
    "CourseIndexPage",
    "CourseOutcome",
    "CoursePage",
    "CourseQuestion",
    "GatedPage",
    "HomePage",
    "ProductSection",
    "ReflectivePrompt",
    "SectionPage",
    "SessionOutcome",
    "SessionPage",
    "SessionPartPage",
    "StarterAction",
]
