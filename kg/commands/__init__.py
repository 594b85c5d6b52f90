"""The commands: a file per family; each parses, calls, prints, exits. Data go to stdout, talk to stderr."""
