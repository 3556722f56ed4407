"""Workbooks made of frozen facts, as a PDF is: nothing here asks the database."""
