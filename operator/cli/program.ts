import { Command } from 'commander';
import {
  type Config,
  operatorOptions,
  readConfig,
  readReleaseConfig,
  readResponderConfig,
  type ReleaseConfig,
  releaseOptions,
  responderOptions,
} from '../config.ts';
import { type Output, release, type Releasing } from './release.ts';
import { type Responding, responder } from './responder.ts';

/** The edges that the commands work through; main hands them in. */
export interface Edges {
  /** Runs the operator until it is asked to stop; resolves with the exit code. */
  readonly operator: (config: Config) => Promise<number>;
  readonly releasing: (config: ReleaseConfig) => Releasing;
  readonly responding: () => Responding;
  readonly output: Output;
  readonly environment: Config['environment'];
  readonly hostname: string;
  readonly version: string;
}

const rootHelp = `
The flags of the operator, their variables and the credentials of OpenStack: octopool operator --help`;

/** The command line of `octopool`. `operator` runs when no other command is named. */
export function program(edges: Edges, exit: (code: number) => void): Command {
  const root = new Command('octopool')
    .description('Many Kubernetes Services on one active-standby Octavia load balancer')
    .version(edges.version)
    .showHelpAfterError('(octopool --help tells more)')
    .addHelpText('after', rootHelp);
  const operator = root
    .command('operator', { isDefault: true })
    .description('run the operator: it watches the cluster and keeps load balancers in line with it (the default)');
  operatorOptions(operator, edges.hostname).action(async (options: unknown) => {
    exit(await edges.operator(readConfig(options, edges.environment)));
  });
  const releaseCommand = root
    .command('release')
    .description(
      'for an uninstall: take the finalizers off all SharedBalancers and Services of ours, and leave the cloud serving',
    );
  releaseOptions(releaseCommand).action(async (options: unknown) => {
    const config = readReleaseConfig(options);
    const cluster = edges.releasing(config);
    try {
      exit(await release(config, cluster, edges.output));
    } finally {
      await cluster.close();
    }
  });
  const responderCommand = root
    .command('responder')
    .description('answer every request with 404: the backend for requests that no route matches');
  responderOptions(responderCommand).action(async (options: unknown) => {
    exit(await responder(readResponderConfig(options), edges.responding()));
  });
  return root;
}
