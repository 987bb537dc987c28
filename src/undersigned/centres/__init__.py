"""Where to report: the directory, the nearest one."""
