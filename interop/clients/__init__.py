"""A script per client, run in an environment that has the client and nothing of ours."""
