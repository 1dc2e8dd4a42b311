import { parseArgs } from 'node:util';
import { kubernetesAssets } from './assets.ts';
import { openControlPlane, startControlPlane } from './control-plane.ts';

const usage = 'usage: node test/kubernetes/cli.ts assets | up [--dir DIR] [--real-nodes] | down [--dir DIR]';
const progress = (line: string): void => console.error(line);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    dir: { type: 'string', default: '.octopool/kubernetes' },
    'real-nodes': { type: 'boolean', default: false },
  },
});

switch (positionals[0]) {
  case 'assets':
    console.log((await kubernetesAssets(progress)).bin);
    break;
  case 'up':
    await up(values.dir, values['real-nodes'] ? 'real' : 'objects');
    break;
  case 'down':
    await (await openControlPlane(values.dir))?.stop();
    break;
  default:
    console.error(usage);
    process.exitCode = 2;
}

async function up(dir: string, nodes: 'objects' | 'real'): Promise<void> {
  const running = await openControlPlane(dir);
  const controlPlane = running ?? (await startControlPlane({ dir, nodes, lifetime: 'kept', progress }));
  console.log(`export KUBECONFIG=${controlPlane.kubeconfigPath}`);
}
