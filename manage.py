#!/usr/bin/env python
"""Django's command line, with configuration mistakes said in one sentence instead of a traceback."""

import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ace_partners.settings")
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415 (Django may be missing altogether)
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as mistake:
        sys.exit(f"ace_partners: {mistake}")


if __name__ == "__main__":
    main()
