"""How much a form with a file of providers may hold, and for how long it may be kept in coming."""

from config.settings import get_settings

# To write the largest file down takes seconds, unlike any other request.
UPLOAD_S = 30.0
_FORM = 64 * 1024


def largest_upload() -> int:
    """Bytes of the file and of what a form puts around it."""
    return (get_settings().largest_import_mb << 20) + _FORM
