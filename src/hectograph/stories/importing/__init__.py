"""Archives of other systems, read as streams, become stories, pages, bylines, sections and topics. Nothing is dropped
silently: whatever does not come in is a line of the report."""
