"""What a process that runs long needs beside its work."""
