"""The editions in which one plan can be printed. They combine freely.

This is the one list of them: the request has a field, the command line a flag and the
templates a style sheet for each.
"""

from collections.abc import Mapping

EDITIONS: Mapping[str, str] = {
    "large-print": "Text of 18 points and more, in one column.",
    "ink-saver": "Outlines and patterns instead of filled areas.",
    "write-in": "Nothing about the patient: a place for a label, and lines to write on.",
    "fillable": "Every blank can be filled in on a screen.",
}


def field_name(edition: str) -> str:
    """Return the name of the request's field for *edition*."""
    return edition.replace("-", "_")
