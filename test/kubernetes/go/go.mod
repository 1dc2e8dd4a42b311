module octopool.test/images

go 1.25.0
