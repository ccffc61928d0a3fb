"""Money that readers give: the ledger, what the services tell, plans, appeals, reminders. Numbers, never a person."""
