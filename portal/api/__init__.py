"""The description of the API, made from the routes, the tables and the statement types."""
