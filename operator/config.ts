import { Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';

/** A SharedBalancer. */
export interface NamedBalancer {
  readonly namespace: string;
  readonly name: string;
}

/** What the operator is told when it starts: flags first, then the environment, then defaults. The only reader of either. */
export interface Config {
  readonly kubeconfig: string | undefined;
  readonly namespace: string;
  readonly lease: 'on' | 'off';
  readonly identity: string;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  readonly listen: { readonly host: string; readonly port: number };
  readonly nodePortRange: { readonly min: number; readonly max: number };
  readonly nodeSecurityGroup: 'managed' | 'off';
  /** Class-less Services: served, or left to the cloud provider's service controller. */
  readonly classlessServices: 'claimed' | 'left';
  readonly defaultBalancer: NamedBalancer | undefined;
  readonly defaultInternalBalancer: NamedBalancer | undefined;
  /** Whether nodes may get floating IPs where a NodePort Service asks for it. */
  readonly nodeFloatingIPs: 'allowed' | 'off';
  readonly concurrency: number;
  readonly region: string | undefined;
  /** Stands before our own in the User-Agent of every call to OpenStack. */
  readonly userAgent: string | undefined;
  /** Handed on to the OpenStack client, which reads no environment of its own. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const flags = z.object({
  kubeconfig: z.string().optional(),
  namespace: z.string().min(1).max(63),
  leaderElection: z.boolean(),
  identity: z.string().min(1).max(253),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']),
  listen: z.string(),
  nodePortRange: z.string(),
  manageNodeSecurityGroup: z.boolean(),
  claimClasslessServices: z.boolean(),
  defaultBalancer: z.string().optional(),
  defaultInternalBalancer: z.string().optional(),
  allowNodeFloatingIps: z.boolean(),
  concurrency: z.string(),
  region: z.string().optional(),
  userAgent: z.string().optional(),
});

const responderFlags = z.object({ listen: z.string(), healthListen: z.string(), drain: z.string() });
const releaseFlags = flags.pick({ kubeconfig: true, namespace: true }).extend({ force: z.boolean().default(false) });

/** Adds the operator's options to a command; `--help` then documents them with their variables. */
export function operatorOptions(command: Command, hostname: string): Command {
  return serviceOptions(command)
    .addOption(kubeconfigOption())
    .addOption(namespaceOption())
    .addOption(new Option('--no-leader-election', 'run without a lease: only where a single process is certain'))
    .addOption(new Option('--identity <name>', 'name in the lease').env('POD_NAME').default(hostname))
    .addOption(
      new Option('--log-level <level>', 'least level that is logged')
        .choices(['debug', 'info', 'warn', 'error'])
        .env('LOG_LEVEL')
        .default('info'),
    )
    .addOption(
      new Option('--listen <host:port>', 'address of /livez, /readyz and /metrics')
        .env('LISTEN')
        .default('0.0.0.0:8080'),
    )
    .addOption(
      new Option(
        '--node-port-range <min-max>',
        "the cluster's node ports; must be the API server's --service-node-port-range",
      )
        .env('NODE_PORT_RANGE')
        .default('30000-32767'),
    )
    .addOption(
      new Option(
        '--no-manage-node-security-group',
        'leave it to others to let balancers, and sources of NodePort Services, reach node ports',
      ),
    )
    .addOption(
      new Option('--concurrency <count>', 'balancers worked on at the same time').env('CONCURRENCY').default('8'),
    )
    .addOption(new Option('--region <name>', 'OpenStack region; else the one of the credentials').env('OS_REGION_NAME'))
    .addOption(
      new Option(
        '--user-agent <text>',
        "stands before octopool/VERSION in the User-Agent of calls to OpenStack: tells clusters apart in a cloud's logs",
      ).env('USER_AGENT'),
    )
    .addHelpText('after', openStackHelp);
}

/** Which plain Services are served, and where. */
function serviceOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--claim-classless-services',
        "serve LoadBalancer Services without a class, each by a load balancer of its own unless it names a SharedBalancer; only where the cloud provider's service controller is off",
      ).default(false),
    )
    .addOption(
      new Option(
        '--default-balancer <namespace/name>',
        'SharedBalancer of Services of class octopool.dev/shared, and of classes of Ingresses, that name none',
      ).env('DEFAULT_BALANCER'),
    )
    .addOption(
      new Option(
        '--default-internal-balancer <namespace/name>',
        'the same for Services of that class that ask to be internal',
      ).env('DEFAULT_INTERNAL_BALANCER'),
    )
    .addOption(
      new Option(
        '--allow-node-floating-ips',
        'let NodePort Services ask for public addresses of nodes (they cost money and expose machines)',
      ).default(false),
    );
}

/** The options of `release`. */
export function releaseOptions(command: Command): Command {
  return command
    .addOption(kubeconfigOption())
    .addOption(namespaceOption())
    .addOption(new Option('--force', 'also while an operator runs, which puts its finalizers on again'))
    .addHelpText('after', releaseHelp);
}

/** The options of `responder`. */
export function responderOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--listen <host:port>', 'address at which every request is answered 404')
        .env('LISTEN')
        .default('0.0.0.0:8080'),
    )
    .addOption(
      new Option('--health-listen <host:port>', 'address of /healthz, for probes')
        .env('HEALTH_LISTEN')
        .default('0.0.0.0:8081'),
    )
    .addOption(
      new Option('--drain <seconds>', 'how long it still answers after SIGTERM, while /healthz says 503')
        .env('DRAIN')
        .default('10'),
    )
    .addHelpText('after', responderHelp);
}

function kubeconfigOption(): Option {
  return new Option('--kubeconfig <file>', "kubeconfig; without it the usual place, or the Pod's own account").env(
    'KUBECONFIG',
  );
}

function namespaceOption(): Option {
  return new Option('--namespace <name>', "namespace of the operator's Lease")
    .env('POD_NAMESPACE')
    .default('octopool-system');
}

const releaseHelp = `
Load balancers go on serving as they are, and keep their tags: an operator that is installed again
finds its own, as long as the SharedBalancers were not deleted meanwhile. Nothing is asked of OpenStack.
Scale the operator down first; docs/tasks/uninstall.md tells the whole way.
Exit code: 0 when no SharedBalancer and no Service holds Octopool's finalizer any more, else 1.`;

const responderHelp = `
Meant as the defaultBackend of a SharedBalancer's listener: a request that no route matches is answered 404
instead of Octavia's 503. deploy/kustomize/components/responder runs it; docs/tasks/responder.md tells how.
It asks nothing of Kubernetes or OpenStack and needs no credentials.
Exit code: 0 when it was asked to stop, 1 when an address cannot be listened on.`;

const openStackHelp = `
OpenStack credentials (or per balancer by spec.cloud.credentialsRef):
  OS_CLOUD, OS_CLIENT_CONFIG_FILE      a cloud of clouds.yaml; the file is read again when it changes
  OS_AUTH_URL, OS_USERNAME, ...        the usual variables, where there is no clouds.yaml`;

/** Throws InvalidArgumentError with cause and fix. */
export function readConfig(options: unknown, environment: Config['environment']): Config {
  const given = flags.parse(options);
  return {
    kubeconfig: given.kubeconfig,
    namespace: given.namespace,
    lease: given.leaderElection ? 'on' : 'off',
    identity: given.identity,
    logLevel: given.logLevel,
    listen: readListen(given.listen),
    nodePortRange: readRange(given.nodePortRange),
    nodeSecurityGroup: given.manageNodeSecurityGroup ? 'managed' : 'off',
    classlessServices: given.claimClasslessServices ? 'claimed' : 'left',
    defaultBalancer: readBalancer('--default-balancer', given.defaultBalancer),
    defaultInternalBalancer: readBalancer('--default-internal-balancer', given.defaultInternalBalancer),
    nodeFloatingIPs: given.allowNodeFloatingIps ? 'allowed' : 'off',
    concurrency: readNumber('--concurrency', given.concurrency, { least: 1, most: 256 }),
    region: given.region,
    userAgent: readUserAgent(given.userAgent),
    environment,
  };
}

/** What `release` is told. */
export interface ReleaseConfig {
  readonly kubeconfig: string | undefined;
  readonly namespace: string;
  /** What to do when an operator holds the Lease. */
  readonly whileRunning: 'refuse' | 'proceed';
}

export function readReleaseConfig(options: unknown): ReleaseConfig {
  const { kubeconfig, namespace, force } = releaseFlags.parse(options);
  return { kubeconfig, namespace, whileRunning: force ? 'proceed' : 'refuse' };
}

function readBalancer(flag: string, text: string | undefined): NamedBalancer | undefined {
  if (text === undefined || text === '') return undefined;
  const [namespace = '', name = '', ...rest] = text.split('/');
  if (namespace !== '' && name !== '' && rest.length === 0) return { namespace, name };
  throw new InvalidArgumentError(`${flag} is namespace/name of a SharedBalancer, not ${text}`);
}

/** What `responder` is told. */
export interface ResponderConfig {
  readonly listen: Config['listen'];
  readonly healthListen: Config['listen'];
  readonly drainSeconds: number;
}

/** Throws InvalidArgumentError with cause and fix. */
export function readResponderConfig(options: unknown): ResponderConfig {
  const { listen, healthListen, drain } = responderFlags.parse(options);
  return {
    listen: readListen(listen),
    healthListen: readListen(healthListen, '--health-listen'),
    drainSeconds: readNumber('--drain', drain, { least: 0, most: 3600 }),
  };
}

function readUserAgent(text: string | undefined): string | undefined {
  if (text === undefined || /^[\w.:/-]{1,64}$/.test(text)) return text;
  throw new InvalidArgumentError('--user-agent: use at most 64 letters, digits and any of . _ : / -');
}

function readListen(text: string, flag = '--listen'): Config['listen'] {
  const at = text.lastIndexOf(':');
  if (at < 1) throw new InvalidArgumentError(`${flag} is host:port, such as 127.0.0.1:8080, not ${text}`);
  return {
    host: text.slice(0, at).replace(/^\[(.*)\]$/, '$1'), // an IPv6 address as URLs write it
    port: readNumber(`the port of ${flag}`, text.slice(at + 1), { least: 0, most: 65_535 }),
  };
}

function readRange(text: string): Config['nodePortRange'] {
  const [min = '', max = '', ...rest] = text.split('-');
  const bounds = { least: 1, most: 65_535 };
  const range = {
    min: readNumber('the start of --node-port-range', min, bounds),
    max: readNumber('the end of --node-port-range', max, bounds),
  };
  if (rest.length > 0 || range.min > range.max)
    throw new InvalidArgumentError(`--node-port-range is min-max, such as 30000-32767, not ${text}`);
  return range;
}

function readNumber(
  what: string,
  text: string,
  { least, most }: { readonly least: number; readonly most: number },
): number {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new InvalidArgumentError(`${what} is a number from ${least} to ${most}, not ${JSON.stringify(text)}`);
}
