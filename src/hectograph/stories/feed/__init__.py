"""Live rows become the press's frozen records: whole windows at a time, never a page's own query."""
