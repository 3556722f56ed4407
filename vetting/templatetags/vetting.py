"""One tag: the row of a mapping that belongs to a code known only in the template."""

from django import template

register = template.Library()


@register.simple_tag
def lookup(mapping, code):
    return mapping[code]
