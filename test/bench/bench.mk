.PHONY: bench

bench: install ## calls, reads and planner time against their floors, on the fake OpenStack (5 to 15 minutes)
	@node --expose-gc test/bench/bench.ts
