"""`python -m foreshape`."""

from foreshape.cli.main import main

main()
