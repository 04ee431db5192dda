"""Which text can be kept."""

from __future__ import annotations

import re

_UNKEPT = re.compile("[\x00\ud800-\udfff]")


def keepable(text: str) -> bool:
    """Whether databases and files take a text: it holds no null characters and no halves of characters.

    Examples:
        >>> keepable("恶臭源 %"), keepable("a\\x00b"), keepable("\\ud800")
        (True, False, False)
    """
    return _UNKEPT.search(text) is None
