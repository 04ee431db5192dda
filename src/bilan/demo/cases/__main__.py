"""Make the cases of the demo city that ``BILAN_CITY`` names, telling how far it is: one line a step, share and what is done.

The first argument is the seed.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

import django

from bilan.demo.telling import told


def main() -> None:
    """Set up the site and make the cases."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bilan.web.settings")
    django.setup()
    make = import_module("bilan.demo.cases.build").make  # its models can be imported only now

    told(1.0, str(make(told, int((sys.argv[1:] or ["0"])[0]))))


if __name__ == "__main__":
    main()
