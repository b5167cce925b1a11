"""Every change to films that touches more than one row or the outside world."""

from video.services.consent import delete_files, restore_consent, withdraw_consent
from video.services.films import (
    DrawnFilm,
    draw_films,
    make_clip_from_film,
    prepare_again,
    reap_lost_films,
    replace_captions,
    take_upload,
)
from video.services.watching import Progress, record_watching

__all__ = [
    "DrawnFilm",
    "Progress",
    "delete_files",
    "draw_films",
    "make_clip_from_film",
    "prepare_again",
    "reap_lost_films",
    "record_watching",
    "replace_captions",
    "restore_consent",
    "take_upload",
    "withdraw_consent",
]
