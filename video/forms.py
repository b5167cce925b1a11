"""What a player reports, and what an author uploads, checked."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from wagtail.admin.forms import WagtailAdminModelForm

from video import captions
from video.pipeline.probing import SNIFF_BYTES, sniff
from video.pipeline.refusals import FilmRefusedError

MAX_FILM_BYTES = 2 * 1024**3
SHOWN_REMARKS = 12
MAX_RANGES = 200
MAX_SECONDS = 36_000


class ReportError(ValueError):
    """The player's report makes no sense: answer 400."""


def read_report(body: bytes) -> tuple[list[tuple[int, int]], int]:
    """Read {"ranges": [[from, to], …], "position_ms": …} in whole seconds; an empty body is fine."""
    if not body.strip():
        return [], 0
    try:
        report = json.loads(body)
        ranges = [(_number(start), _number(end)) for start, end in report.get("ranges", [])]
        position = _number(report.get("position_ms", 0), MAX_SECONDS * 1000)
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise ReportError from None
    if len(ranges) > MAX_RANGES:
        raise ReportError
    return ranges, position


def _number(value: Any, limit: int = MAX_SECONDS) -> int:
    """A whole number from 0 to ``limit``; anything larger is cut."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or value < 0:
        raise ValueError
    return int(min(value, limit))


class ClipForm(WagtailAdminModelForm):
    """A film and its captions, as an author gives them. ``cleaned_data["cues"]`` holds checked captions."""

    captions_file = forms.FileField(
        label="Captions",
        required=False,
        help_text="A WebVTT file (.vtt). Name who speaks: <v Nadia>Hello, Mia. "
        "Sounds go in brackets: [baby laughs].",
        widget=forms.FileInput(attrs={"accept": ".vtt,text/vtt"}),
    )

    class Meta:
        widgets = {"upload": forms.FileInput(attrs={"accept": "video/*,.mkv,.avi"})}
        labels = {"upload": "Film"}
        help_texts = {
            "upload": "MP4, MOV, MKV, WebM or AVI; at most 10 minutes, 4K and 2 GB. "
            "Where and when it was filmed is taken out before it is kept."
        }

    def clean_upload(self) -> UploadedFile | None:
        """Look at the first bytes, whatever the file is called; the pipeline looks at the rest."""
        upload = self.cleaned_data.get("upload")
        if not isinstance(upload, UploadedFile):
            if not self.instance.pk:
                raise ValidationError("Choose the film to upload.")
            return upload
        if upload.size > MAX_FILM_BYTES:
            raise ValidationError("The file is larger than 2 GB. Export the film at 1080p.")
        try:
            sniff(upload.read(SNIFF_BYTES))
        except FilmRefusedError as refusal:
            raise ValidationError(str(refusal)) from None
        upload.seek(0)
        return upload

    def clean_captions_file(self) -> UploadedFile | None:
        """Check every rule; each mistake is named with its line, and the old captions stay."""
        file = self.cleaned_data.get("captions_file")
        if not file:
            return None
        if file.size > captions.MAX_BYTES:
            raise ValidationError("The file is too large for captions: at most 500 kB.")
        found = captions.read_captions(file.read(), 0 if self.has_new_film else self.instance.duration_ms)
        if found.errors:
            shown = [str(remark) for remark in found.errors[:SHOWN_REMARKS]]
            left = len(found.errors) - len(shown)
            raise ValidationError(shown + ([f"… and {left} more."] if left else []))
        self.cleaned_data["cues"] = found.cues
        self.warnings = [str(remark) for remark in found.warnings[:SHOWN_REMARKS]]
        return file

    @property
    def has_new_film(self) -> bool:
        """Whether a film was uploaded with this form."""
        return isinstance(self.files.get("upload"), UploadedFile)
