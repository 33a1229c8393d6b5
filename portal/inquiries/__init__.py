"""Questions in bulk: a list of enterprises as CSV or XLSX, answered row by row with reasons."""
