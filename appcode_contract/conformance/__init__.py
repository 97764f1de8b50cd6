"""Active conformance tests: they probe a live endpoint, clause by clause.

One test module for each section of the pages; each test is marked with the clause that it judges. Beside them the
passive checks judge every exchange.
"""
