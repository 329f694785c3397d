"""The ledger: the one table of money, in thousands of kroner, signed as effect on net expenditure."""
