"""The Django project that ties the rooms together.

Settings, the admin, the `hecto` command, and the flows where rooms meet.
"""
