"""Table notes: what people wrote on paper at a meeting, entered by those who ran it, and kept like what others said."""
