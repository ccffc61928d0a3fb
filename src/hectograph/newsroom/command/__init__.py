"""The `hecto` command: a thin face over the rooms."""
