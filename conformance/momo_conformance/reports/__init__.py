"""What an examination has found, for people and for machines.

`report.Report` is the whole of it as a value; every other module here writes that in one form.
Nothing here judges, and nothing from a client is believed to be harmless text.
"""
