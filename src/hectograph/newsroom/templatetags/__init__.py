"""What the newsroom's templates may ask for."""
