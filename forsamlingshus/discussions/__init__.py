"""Discussions: forums, threads and posts, written live and moderated in the open."""
