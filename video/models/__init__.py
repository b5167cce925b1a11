"""Films as files and as pages, and what a person has watched of them."""

from video.models.clips import Clip, Rendition
from video.models.pages import ClipPage, PausePoint
from video.models.watching import WatchedSeconds

__all__ = ["Clip", "ClipPage", "PausePoint", "Rendition", "WatchedSeconds"]
