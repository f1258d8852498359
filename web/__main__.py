"""`python -m web` is `nmo`."""

from web.cli import main

main()
