"""The sample newsroom: words and pictures of `samples/`, put in by the doors that editors use."""
