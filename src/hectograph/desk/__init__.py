"""The street's intake: takes forms, keeps them sealed, hands them to the newsroom that asks. Knows no reader. Pure."""
