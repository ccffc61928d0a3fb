"""Taking a contribution: amounts as typed, who may give by which means, and services behind one port. Pure."""
