"""The record of a meeting: the replay, the minutes, and the summaries of its workshops."""
