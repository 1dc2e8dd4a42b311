.PHONY: bench

bench: install ## calls, reads and planner time against their floors, on the fake OpenStack (4 to 10 minutes)
	@node --expose-gc test/bench/bench.ts
