"""What the log may say of a request: the name of its route, never its address.

An address can carry a secret, such as the signed link of a mail.
"""

import logging

from django.http import HttpRequest


class RouteForAddress(logging.Filter):
    """Put the route's name where Django writes the path of a request."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            match = request.resolver_match
            route = match.view_name if match else "no route"
            record.args = tuple(route if one == request.path else one for one in record.args)
        return True
