"""What is logged, and how: one JSON object a line, with ids and without words or secrets."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "elearning.logs.RequestIdFilter"},
        "secret_addresses": {"()": "elearning.logs.SecretAddressFilter"},
    },
    "formatters": {
        "json": {
            "()": "elearning.logs.WordlessJsonFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s %(request_id)s",
        },
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "json",
            "filters": ["request_id", "secret_addresses"],
        },
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"level": "INFO"},
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        # Its notes on refusals quote what people typed.
        "stripe": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
    },
}
