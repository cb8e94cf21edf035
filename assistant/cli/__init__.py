"""The command ``footnote``: ``app`` lists the commands, and each has its file."""
