"""English as it is typed in Estonia: the day first, weeks from Monday."""

from portal.formats.et.formats import (  # noqa: F401 - Django reads them from here
    DATE_INPUT_FORMATS,
    DATETIME_INPUT_FORMATS,
    FIRST_DAY_OF_WEEK,
    SHORT_DATETIME_FORMAT,
    TIME_INPUT_FORMATS,
)

DATETIME_FORMAT = "j F Y H:i"
