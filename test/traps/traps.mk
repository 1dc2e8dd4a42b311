.PHONY: traps

traps: install ## takes the handling of each trap out and sees that a named case fails (TRAPS=word tries some; up to 10 minutes)
	@node test/traps/main.ts
