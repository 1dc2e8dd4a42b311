import { afterAll, describe } from '@jest/globals';
import { allRemoved, type Balancer } from './balancer.ts';
import { authCases } from './cases/auth.ts';
import { batchMemberCases } from './cases/batch-members.ts';
import { discoveryCases } from './cases/discovery.ts';
import { fullCreateCases } from './cases/full-create.ts';
import { immutableCases } from './cases/immutable.ts';
import { l7Cases } from './cases/l7.ts';
import { listenerCases } from './cases/listeners.ts';
import { loadBalancerCases } from './cases/load-balancers.ts';
import { memberCases } from './cases/members.ts';
import { monitorCases } from './cases/monitors.ts';
import { poolCases } from './cases/pools.ts';
import { tagsAndPagingCases } from './cases/tags-and-paging.ts';
import { deleteOrderCases } from './cases/delete-order.ts';
import { quotaCases } from './cases/quota.ts';
import { statusTreeCases } from './cases/status-tree.ts';
import { additionalVipAndQosCases } from './cases/additional-vips-and-qos.ts';
import { networkCases } from './cases/networks.ts';
import { ownVipPortCases } from './cases/own-vip-port.ts';
import { floatingIpCases } from './cases/floating-ips.ts';
import { portCases } from './cases/ports-if-match.ts';
import { securityGroupCases } from './cases/security-groups.ts';
import { barbicanCases } from './cases/barbican.ts';
import { failoverCases } from './cases/failover-and-amphorae.ts';
import { errorCases } from './cases/errors.ts';
import type { CloudUnderTest } from './cloud-under-test.ts';
import { stageOf } from './stage.ts';

type Cases = (cloud: () => CloudUnderTest, stage: Balancer) => void;

/** What a cloud answers, literally, wherever the operator or the SDK meets it. The same for the real services and for the fake. */
export function contractCases(cloud: () => CloudUnderTest): void {
  describe('the contract', () => {
    const stage = stageOf(cloud);
    for (const [subject, cases] of Object.entries(all)) describe(subject, () => cases(cloud, stage));
  });
  afterAll(allRemoved);
}

const all: Readonly<Record<string, Cases>> = {
  auth: authCases,
  discovery: discoveryCases,
  'load balancers': loadBalancerCases,
  'full create': fullCreateCases,
  immutable: immutableCases,
  listeners: listenerCases,
  pools: poolCases,
  members: memberCases,
  'batch members': batchMemberCases,
  monitors: monitorCases,
  l7: l7Cases,
  'tags and paging': tagsAndPagingCases,
  'delete order': deleteOrderCases,
  quota: quotaCases,
  'status tree': statusTreeCases,
  'additional vips and qos': additionalVipAndQosCases,
  'own vip port': ownVipPortCases,
  networks: networkCases,
  'floating ips': floatingIpCases,
  ports: portCases,
  'security groups': securityGroupCases,
  barbican: barbicanCases,
  'failover and amphorae': failoverCases,
  errors: errorCases,
};
