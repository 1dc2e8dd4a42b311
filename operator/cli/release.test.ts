import { expect, test } from '@jest/globals';
import type { Uid } from '../core/model/brand.ts';
import { type Edges, program } from './program.ts';
import type { ReleasableBalancer, Releasing } from './release.ts';

const balancer = (name: string, of: Partial<ReleasableBalancer> = {}): ReleasableBalancer => ({
  kind: 'SharedBalancer',
  namespace: 'edge',
  name,
  uid: `uid-${name}` as Uid,
  holdsFinalizer: true,
  deleting: false,
  loadBalancer: `lb-${name}`,
  ...of,
});

/** Runs the command line against a cluster that is told here, and answers with all that a person would see. */
async function run(
  args: readonly string[],
  cluster: {
    readonly lease?: Awaited<ReturnType<Releasing['lease']>>;
    readonly balancers?: readonly ReleasableBalancer[];
  },
) {
  const said: string[] = [];
  const complained: string[] = [];
  const letGo: string[] = [];
  const codes: number[] = [];
  let closed = 0;
  const releasing: Releasing = {
    lease: async () => cluster.lease ?? { kind: 'free' },
    balancers: async () => cluster.balancers ?? [],
    letGo: async ({ name }) => {
      if (name.startsWith('stubborn')) throw new Error('403 forbidden');
      letGo.push(name);
    },
    close: async () => {
      closed += 1;
    },
  };
  const edges: Edges = {
    operator: () => Promise.reject(new Error('not the operator')),
    releasing: () => releasing,
    responding: () => {
      throw new Error('not the responder');
    },
    output: { say: (line) => said.push(line), complain: (line) => complained.push(line) },
    environment: {},
    hostname: 'here',
    version: '0',
  };
  await program(edges, (code) => codes.push(code)).parseAsync(['release', ...args], { from: 'user' });
  return { said, complained, letGo, codes, closed };
}

test('every SharedBalancer and every Service of ours is let go with a line each, and nothing is done for one that holds no finalizer', async () => {
  const balancers = [
    balancer('public'),
    balancer('new', { loadBalancer: undefined }),
    balancer('free', { holdsFinalizer: false }),
    balancer('going', { deleting: true }),
    balancer('web', { kind: 'Service', namespace: 'team-a', loadBalancer: '198.51.100.7' }),
  ];
  expect(await run([], { balancers })).toEqual({
    said: [
      'edge/public: released; load balancer lb-public stays as it is',
      'edge/new: released; it has no load balancer',
      'edge/free: holds no finalizer of Octopool',
      'edge/going: released, and its deletion goes on; load balancer lb-going stays as it is',
      'Service team-a/web: released; load balancer 198.51.100.7 stays as it is',
      '4 SharedBalancers and 1 Services with their own load balancer, 4 released, 0 failed',
    ],
    complained: [],
    letGo: ['public', 'new', 'going', 'web'],
    codes: [0],
    closed: 1,
  });
});

test('nothing is touched while an operator leads', async () => {
  const cluster = { lease: { kind: 'held', by: 'pod-1_ab' }, balancers: [balancer('public')] } as const;
  expect(await run([], cluster)).toEqual({
    said: [],
    complained: [
      'octopool: the operator pod-1_ab runs and would put the finalizers on again; scale its Deployment to 0 first, or use --force.',
    ],
    letGo: [],
    codes: [1],
    closed: 1,
  });
});

test('with --force nobody asks who leads', async () => {
  const cluster = { lease: { kind: 'held', by: 'pod-1_ab' }, balancers: [balancer('public')] } as const;
  expect((await run(['--force'], cluster)).letGo).toEqual(['public']);
});

test('where there is no Lease the namespace is named, as it may be the wrong one', async () => {
  expect(await run(['--namespace', 'elsewhere'], { lease: { kind: 'absent' } })).toMatchObject({
    said: [
      'there is no Lease in namespace elsewhere; an operator of another namespace is named by --namespace',
      '0 SharedBalancers and 0 Services with their own load balancer, 0 released, 0 failed',
    ],
    codes: [0],
  });
});

test('one that cannot be released is told, the others are released, and the exit code is 1', async () => {
  expect(await run([], { balancers: [balancer('stubborn'), balancer('public')] })).toMatchObject({
    said: [
      'edge/public: released; load balancer lb-public stays as it is',
      '2 SharedBalancers and 0 Services with their own load balancer, 1 released, 1 failed',
    ],
    complained: ['edge/stubborn: not released: 403 forbidden'],
    letGo: ['public'],
    codes: [1],
  });
});
