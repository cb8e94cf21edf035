"""``python -m assistant``: the same as ``footnote``."""

from assistant.cli.app import main

if __name__ == "__main__":  # pragma: no branch - it is only ever run
    main()
