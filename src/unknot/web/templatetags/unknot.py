"""Template tags of every page.

`{% icon "name" %}` draws a vendored Lucide icon. `{% answer option %}` writes the input of one
radio or checkbox, `{% answers widget %}` all of a choice with their words: a check-in has hundreds,
and a template inside a template costs most of a page. `{% numbers_to_call line %}` makes the
telephone numbers in a line ready to be called.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from django import template
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe

ICONS = Path(__file__).resolve().parent.parent / "static" / "web" / "vendor" / "lucide"

register = template.Library()


#: A telephone number inside a sentence: digits, perhaps in groups.
NUMBER = re.compile(r"\d[\d ]*\d")


@register.simple_tag
def numbers_to_call(line: str) -> SafeString:
    """Write a line of help with each telephone number in it ready to be called."""
    parts: list[SafeString] = []
    end = 0
    for found in NUMBER.finditer(line):
        number = found.group()
        parts.append(escape(line[end : found.start()]))
        parts.append(format_html('<a href="tel:{}">{}</a>', number.replace(" ", ""), number))
        end = found.end()
    return mark_safe("".join([*parts, escape(line[end:])]))  # noqa: S308  # escaped piece by piece


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw the icon `name`: beside a word it is hidden from screen readers, alone it needs `label`.

    Raises TemplateSyntaxError when the icon is not vendored.
    """
    lines = outline(name)
    if label:
        return format_html(
            '<svg class="icon" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>',
            label,
            lines,
        )
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>', lines
    )


@register.simple_tag
def answer(option: Mapping[str, Any]) -> SafeString:
    """Write the input element of one option of a choice, as Django's own template would."""
    given = {"type": option["type"], "name": option["name"], "value": option["value"]}
    attributes = "".join(
        f" {name}" if value is True else f' {name}="{escape(str(value))}"'
        for name, value in (given | option["attrs"]).items()
        if value is not False and value is not None
    )
    return mark_safe(f"<input{attributes}>")  # noqa: S308 - every value is escaped


@register.simple_tag
def answers(widget: Mapping[str, Any]) -> SafeString:
    """Write every option of a choice: its input, its words, and its second line if it has one."""
    rows = (
        _labelled(option) for _group, options, _index in widget["optgroups"] for option in options
    )
    return mark_safe("".join(rows))  # noqa: S308 - every part is escaped


def _labelled(option: Mapping[str, Any]) -> str:
    owner, explain = option["attrs"].get("id"), option.get("explain")
    told = f"<small>{conditional_escape(explain)}</small>" if explain else ""
    words = f"<span>{conditional_escape(option['label'])}</span>{told}"
    target = f' for="{escape(owner)}"' if owner else ""
    return f'<label class="choice"{target}>{answer(option)}{words}</label>'


@lru_cache(maxsize=256)
def outline(name: str) -> SafeString:
    """Return the shapes of the icon `name` as markup; raises TemplateSyntaxError if missing."""
    path = ICONS / f"{name}.svg"
    if not name or path.parent != ICONS or not path.is_file():
        raise template.TemplateSyntaxError(f"No icon {name!r} in {ICONS.name}/.")
    root = ElementTree.fromstring(path.read_text(encoding="utf-8"))  # noqa: S314 - our own file
    return mark_safe("".join(_shape(shape) for shape in root))  # noqa: S308 - our own file


def _shape(shape: ElementTree.Element) -> str:
    tag = shape.tag.rpartition("}")[2]
    attributes = "".join(f' {key}="{value}"' for key, value in shape.attrib.items())
    return f"<{tag}{attributes}/>"
