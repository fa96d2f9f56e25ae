"""The recorder: a process of its own that looks through the cameras and is trusted with nothing else."""
