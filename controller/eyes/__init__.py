"""The controller's end of the line to the recorder: orders out, pictures in and onto the disk."""
