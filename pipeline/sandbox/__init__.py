"""Files of strangers read in processes with limits: whatever one does to its process stays one value."""
