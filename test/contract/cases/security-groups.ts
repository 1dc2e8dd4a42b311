import { describe, expect, test } from '@jest/globals';
import type { SecurityGroupRuleCreate } from 'openstack-sdk-lite/neutron/v2/security-group-rules';
import { anyId, neutronFault, nowhere } from '../answers.ts';
import { neutron } from '../balancer.ts';
import type { CloudUnderTest } from '../cloud-under-test.ts';
import { undoneAfterEach } from '../undo.ts';

export function securityGroupCases(cloud: () => CloudUnderTest): void {
  const undo = undoneAfterEach();
  const groups = () => cloud().user('tenant-a').cloud.neutron.securityGroups;
  const rules = () => cloud().user('tenant-a').cloud.neutron.securityGroupRules;
  const make = async () => {
    const group = await groups().create({ name: 'contract-group', description: 'd' });
    undo(() => groups().remove(group.id));
    return group;
  };
  describe('a security group', () => {
    test('comes with two rules that let everything out', async () => {
      const group = await make();
      const out = { protocol: null, port_range_min: null, port_range_max: null, remote_ip_prefix: null };
      const families = group.security_group_rules.map(({ ethertype, direction }) => `${direction} ${ethertype}`);
      expect(families.toSorted()).toEqual(['egress IPv4', 'egress IPv6']);
      for (const rule of group.security_group_rules) expect(rule).toMatchObject({ ...out, remote_group_id: null });
      expect(await groups().list({ name: 'contract-group' })).toEqual([group]);
    });

    test('takes a rule once, and loses it', async () => {
      const group = await make();
      const body = tcp(group.id);
      const rule = await rules().create(body);
      expect(rule).toEqual({ ...body, id: anyId, remote_group_id: null });
      expect(await neutron(cloud(), ['POST', '/security-group-rules', { security_group_rule: body }])).toEqual(
        neutronFault(409, 'SecurityGroupRuleExists', `Security group rule already exists. Rule id is ${rule.id}.`),
      );
      expect((await groups().get(group.id)).security_group_rules.map((one) => one.id)).toContain(rule.id);
      expect((await rules().list({ security_group_id: group.id, direction: 'ingress' })).map((one) => one.id)).toEqual([
        rule.id,
      ]);
      await rules().remove(rule.id);
      expect(await rules().list({ security_group_id: group.id, direction: 'ingress' })).toEqual([]);
    });

    test('takes a network of IPv6 as it is written', async () => {
      const group = await make();
      const body = { ...tcp(group.id), ethertype: 'IPv6', remote_ip_prefix: '2001:db8::/32' } as const;
      const rule = await rules().create(body);
      expect(rule).toEqual({ ...body, id: anyId, remote_group_id: null });
      expect(await rules().list({ security_group_id: group.id, direction: 'ingress' })).toEqual([rule]);
    });

    test('takes a rule that differs only in its description for the same', async () => {
      const group = await make();
      const rule = await rules().create(tcp(group.id));
      const security_group_rule = { ...tcp(group.id), description: 'of somebody else' };
      expect(await neutron(cloud(), ['POST', '/security-group-rules', { security_group_rule }])).toEqual(
        neutronFault(409, 'SecurityGroupRuleExists', `Security group rule already exists. Rule id is ${rule.id}.`),
      );
    });

    test.each([
      ['IPv4', '0.0.0.0/0'],
      ['IPv6', '::/0'],
    ] as const)(
      'keeps everybody of %s as it is written, and takes it for a rule without a network',
      async (ethertype, all) => {
        const group = await make();
        const body = { ...tcp(group.id), ethertype, remote_ip_prefix: all };
        const rule = await rules().create(body);
        expect(rule.remote_ip_prefix).toBe(all);
        const { remote_ip_prefix: _, ...security_group_rule } = body;
        expect(await neutron(cloud(), ['POST', '/security-group-rules', { security_group_rule }])).toEqual(
          neutronFault(409, 'SecurityGroupRuleExists', `Security group rule already exists. Rule id is ${rule.id}.`),
        );
      },
    );

    test.each([
      ['icmp', 'IPv4', '10.10.0.0/16'],
      ['ipv6-icmp', 'IPv6', '2001:db8::/32'],
    ] as const)(
      'takes a rule for all of %s, which has no ports, once',
      async (protocol, ethertype, remote_ip_prefix) => {
        const group = await make();
        const { port_range_min: _min, port_range_max: _max, ...from } = tcp(group.id);
        const body = { ...from, protocol, ethertype, remote_ip_prefix };
        const rule = await rules().create(body);
        const none = { port_range_min: null, port_range_max: null, remote_group_id: null };
        expect(rule).toEqual({ ...body, ...none, id: anyId });
        expect(await neutron(cloud(), ['POST', '/security-group-rules', { security_group_rule: body }])).toEqual(
          neutronFault(409, 'SecurityGroupRuleExists', `Security group rule already exists. Rule id is ${rule.id}.`),
        );
      },
    );

    test('is not lost while a port has it', async () => {
      const group = await make();
      const { ports } = cloud().user('tenant-a').cloud.neutron;
      const port = await ports.create({ network_id: cloud().net.network, security_groups: [group.id] });
      undo(() => ports.remove(port.id));
      expect(await neutron(cloud(), ['DELETE', `/security-groups/${group.id}`])).toEqual(
        neutronFault(409, 'SecurityGroupInUse', `Security Group ${group.id} in use.`),
      );
    });

    test('takes tags by a call of their own, and is found by them', async () => {
      const group = await make();
      await groups().replaceTags(group.id, ['contract=group']);
      expect((await groups().list({ tags: ['contract=group'] })).map((one) => one.id)).toEqual([group.id]);
    });

    test('that is not there is not found, and takes no rules', async () => {
      const missing = neutronFault(404, 'SecurityGroupNotFound', `Security group ${nowhere} does not exist`);
      expect(await neutron(cloud(), ['GET', `/security-groups/${nowhere}`])).toEqual(missing);
      const security_group_rule = tcp(nowhere);
      expect(await neutron(cloud(), ['POST', '/security-group-rules', { security_group_rule }])).toEqual(missing);
    });

    test('of a load balancer is not seen by the tenant', async () => {
      const seen = await groups().list();
      expect(seen.filter((one) => one.name.startsWith('lb-'))).toEqual([]);
    });
  });
}

function tcp(security_group_id: string): SecurityGroupRuleCreate {
  return {
    security_group_id,
    direction: 'ingress',
    ethertype: 'IPv4',
    protocol: 'tcp',
    port_range_min: 30_080,
    port_range_max: 30_080,
    remote_ip_prefix: '10.10.0.0/16',
    description: 'r',
  };
}
