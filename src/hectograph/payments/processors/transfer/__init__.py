"""Bank transfers: a reference to quote, an account to pay into, and statements that say what came."""
