"""A report as an XLSX workbook that is filled offline: `layout` its form, `write` the way out, `safety` and `read` the way in.

The file carries no right: whose report it fills is decided by the page and the session. What it says of itself (the mark)
can only make it be refused.
"""
