"""The Forsamlingshus package: one slice per step of the budget process, from a citizen's words to the decision."""
