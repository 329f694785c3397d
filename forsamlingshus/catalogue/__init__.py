"""The budget catalogue: proposals, their amounts and the inputs they sprang from."""
