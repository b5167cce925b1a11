"""Why a film is not taken, in sentences for its author."""


class FilmRefusedError(Exception):
    """The film cannot be used; the text says why and what to do."""


class JobLostError(Exception):
    """Another worker has taken this film over, or it is gone: stop quietly."""


NOT_A_FILM = "This is not a film that we can read. Use an MP4, MOV, MKV, WebM or AVI file."
EMPTY = "The file is empty. Upload it once more."
CUT_OFF = "The file is damaged or cut off. Export it once more and upload it again."
NO_PICTURE = "There is no picture in this file, only sound or text."
TOO_LONG = "The film is longer than 10 minutes. Cut it into shorter clips."
TOO_LARGE = "The picture is larger than 4K. Export it at 1080p."
TOO_SMALL = "The picture is too small to be seen. Export it at 720p or more."
TOO_FAST = "The film has more than 120 pictures a second. Export it at 25 or 30."
TOO_MANY_FRAMES = "The film has too many pictures. Export it at 25 or 30 pictures a second."
TOO_MANY_STREAMS = "The file holds more than 8 pictures, sounds or texts. Export it with one of each."
TOO_HARD = "The film took too long to prepare. Export it at 1080p and upload it again."
LOST_TOO_OFTEN = "Preparing the film broke off three times. Export it once more, or ask for help."
