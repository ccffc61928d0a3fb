"""Who may come in, with what proof, and what each may do."""
