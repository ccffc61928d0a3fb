"""All that is known of Stripe: its API's version, its parameters, its words, behind the port."""
