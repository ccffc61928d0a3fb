"""Turns records into the files of the public site. Records and a clock reading enter, paths and bytes leave.

The room is pure: it knows no framework, opens no socket and reads no file but its own templates and words.
"""
