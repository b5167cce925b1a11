"""Acts of those who watch: whoever works where a rental runs, and editors for their previews."""

from django.test import RequestFactory

from tests.house.acts import Act
from video.addresses import address_of_file

WATCHING = {"priya": 200, "fred": 200, "maya": 200, "noor": 200, "edith": 200, "stan": 200}
EVERYBODY = {
    **WATCHING,
    **dict.fromkeys(("stranger", "outsider", "omar", "leo"), 200),
}


def of_clip(request):
    return {"pk": request.getfixturevalue("clip_page").pk}


def of_sample(request):
    return {"pk": request.getfixturevalue("sample_page").pk}


def sent(answers):
    """The same people, sent on to an address that lives two minutes."""
    return dict.fromkeys(answers, 302)


def a_token_for_nobody(request):
    """An address made for another browser session: nobody of the cast may use it."""
    clip = request.getfixturevalue("clip_page").clip
    asked = RequestFactory().get("/")
    asked.user, asked.session = request.getfixturevalue("maya"), SessionOf("another")
    address = address_of_file(asked, clip.poster, clip_id=clip.pk)
    return {"token": address.strip("/").split("/")[-1]}


class SessionOf:
    """Stands for a browser session with a key."""

    def __init__(self, session_key):
        self.session_key = session_key


def acts_of(url_name, answers, *, method="get", **extra_kwargs):
    """The rows of one address: rented, not rented, not there, and a sample."""
    sends = {"content_type": "application/json"} if method == "post" else {}
    common = {"otherwise": 403, "method": method, "extra": sends}
    strangers = {"stranger": 403}
    return [
        Act(
            url_name,
            {**answers(WATCHING), **strangers},
            kwargs=lambda request: {**of_clip(request), **extra_kwargs},
            fixtures=("rental", "clip_page"),
            **common,
        ),
        Act(
            url_name,
            {**answers({"edith": 200, "stan": 200}), **strangers},
            kwargs=lambda request: {**of_clip(request), **extra_kwargs},
            fixtures=("clip_page",),
            note="without a rental",
            **common,
        ),
        Act(
            url_name,
            {"stranger": 404},
            kwargs=lambda request: {"pk": 10**30, **extra_kwargs},
            method=method,
            extra=sends,
            note="of a clip that is not there",
        ),
        Act(
            url_name,
            answers(EVERYBODY),
            kwargs=lambda request: {**of_sample(request), **extra_kwargs},
            fixtures=("sample_page",),
            note="of the sample",
            **common,
        ),
    ]


ACTS = [
    *acts_of("video:lease", dict, method="post"),
    *acts_of("video:captions", dict),
    *acts_of("video:master", dict),
    *acts_of("video:playlist", dict, name="480"),
    *acts_of("video:film", sent, name="480"),
    *acts_of("video:poster", sent),
    Act("video:stored_file", {"stranger": 404}, kwargs=a_token_for_nobody, fixtures=("rental",)),
    Act(
        "video:stored_file",
        {"stranger": 404},
        kwargs=lambda request: {"token": "made-up"},
        note="with a made-up token",
    ),
]
