"""Requests without NUL: nobody types that character, and PostgreSQL stores and compares no text that holds it."""

from typing import IO, Any

import flask
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.formparser import FormDataParser
from werkzeug.utils import cached_property

NUL = "\0"


def without_nul(given: MultiDict[str, str]) -> MultiDict[str, str]:
    """The same fields; those that hold a NUL lose it, as `html.tidy` takes out other control characters."""
    fields = list(given.items(multi=True))
    if not any(NUL in name or NUL in value for name, value in fields):
        return given
    return ImmutableMultiDict((name.replace(NUL, ""), value.replace(NUL, "")) for name, value in fields)


class _Parser(FormDataParser):
    def parse(self, *args: Any, **kwargs: Any) -> tuple[IO[bytes], MultiDict[str, str], MultiDict[str, Any]]:
        stream, form, files = super().parse(*args, **kwargs)
        return stream, without_nul(form), files


class Request(flask.Request):
    """flask's request, whose arguments and form fields hold no NUL."""

    form_data_parser_class = _Parser

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """The arguments of the address."""
        return without_nul(super().args)
