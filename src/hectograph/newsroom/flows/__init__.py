"""The lines of the house where rooms meet, one short file each."""
