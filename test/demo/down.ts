import { closeWorld } from './world.ts';

/** `make demo-down`: ends a demo that was left running. */
await closeWorld((line) => console.log(line));
