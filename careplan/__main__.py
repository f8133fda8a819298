"""Run careplan as a module: `python -m careplan`."""

from careplan.cli.main import main

if __name__ == "__main__":
    main()
