import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { buildOctopoolImage, octopoolImage } from './octopool-image.ts';

/** `make image`: the archive that a container engine loads. */
const build = join(import.meta.dirname, '../../build');
const archive = await buildOctopoolImage((line) => console.error(line));
await mkdir(build, { recursive: true });
await copyFile(archive, join(build, 'octopool-image.tar'));
console.log(`build/octopool-image.tar holds ${octopoolImage}: docker load -i build/octopool-image.tar`);
