"""The client's path: one package per step, in this order; a later step may use an earlier one."""

STEPS = ("understand", "choose", "book", "prepare", "session", "follow")
