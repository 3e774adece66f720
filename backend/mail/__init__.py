"""Ways by which letters leave: a mail server, or a folder of this machine."""
