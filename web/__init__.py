"""The console: pages for people, served by a process that is trusted with nothing."""
