"""Public money: budget lines, grants by due process, and getting back what was wrongly granted."""
