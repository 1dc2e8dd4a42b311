import { openNodes } from '../kubernetes/nodes/start-nodes.ts';
import { demoDir } from './world.ts';

/** `node test/demo/node-import.ts IMAGE.tar` loads an image archive into every node of a demo that was left running. */
const [archive] = process.argv.slice(2);
const nodes = await openNodes(demoDir);
if (archive === undefined || nodes === undefined) {
  console.error(
    archive === undefined ? 'usage: node test/demo/node-import.ts IMAGE.tar' : 'no demo is running: KEEP=1 make demo',
  );
  process.exitCode = 2;
} else await nodes.importImage(archive);
