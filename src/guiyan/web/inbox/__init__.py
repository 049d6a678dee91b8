"""What waits for the person at the desk: tasks of processes, and messages."""
