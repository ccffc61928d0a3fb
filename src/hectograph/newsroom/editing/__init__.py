"""What the admin can do beyond writing: undo, take down, retire, give to an outsider; and how the newsroom is."""
