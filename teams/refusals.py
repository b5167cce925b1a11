"""The base of every refusal of this room: its text is fit to show to a person."""


class Refusal(Exception):  # noqa: N818 - each says in its name what is so, not that it is an error
    """Something was not done, and the text says why and what to do instead."""

    reason = "That cannot be done."

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason or self.reason)
