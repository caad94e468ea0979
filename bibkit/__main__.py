"""`python -m bibkit` and the `bibkit` command."""

from bibkit.cli import main

if __name__ == "__main__":
    main()
