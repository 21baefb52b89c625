"""The commands: one module each, with `add_arguments(parser)` and `run(options) -> int`."""


class Refused(Exception):
    """The command cannot do what was asked; one sentence says why and what would help."""
