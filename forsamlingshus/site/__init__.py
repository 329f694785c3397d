"""The site around the slices: front page, budget page, navigation, help and legal pages."""
