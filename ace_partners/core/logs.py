"""One line of JSON per log event, without what a log must not hold."""

import re
from typing import Any

import structlog

SECRET_KEYS = frozenset({"password", "token", "secret", "authorization", "cookie", "csrfmiddlewaretoken"})
# The address of a link that sets a password: a key to the account until it is used.
RESET_LINK = re.compile(r"(/mot-de-passe/nouveau/)[^/\s?]+")


def drop_secrets(logger, name, event):
    """Structlog processor: replace the value of every key that names a secret, and the key inside a reset link."""
    return {key: "…" if key.lower() in SECRET_KEYS else _without_link(value) for key, value in event.items()}


def _without_link(value):
    return RESET_LINK.sub(r"\1…", value) if isinstance(value, str) else value


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    drop_secrets,
]

structlog.configure(
    processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)


def formatter():
    """The formatter that settings.LOGGING asks for."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
