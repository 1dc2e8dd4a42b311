.PHONY: image

image: install ## build the image that ships, without any registry, into build/octopool-image.tar
	@node test/image/cli.ts
