"""What the newsroom is told of trouble, on its screens."""

from hectograph.newsroom.templatetags.commands import commands


def test_a_command_is_set_off_and_nothing_else_is_markup() -> None:
    assert commands("All <are> in `hecto doctor`.") == "All &lt;are&gt; in <code>hecto doctor</code>."
    assert commands("One ` alone") == "One ` alone"
