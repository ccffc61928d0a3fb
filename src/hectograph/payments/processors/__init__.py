"""All that is known of one payment service, a folder each, behind `payments.port`."""
