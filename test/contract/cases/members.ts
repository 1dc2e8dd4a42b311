import { describe, expect, test } from '@jest/globals';
import { anyId, anyTime, fault, nowhere, parentMissing } from '../answers.ts';
import { type Balancer, lbaas } from '../balancer.ts';
import type { CloudUnderTest } from '../cloud-under-test.ts';
import { undoneAfterEach } from '../undo.ts';

/** One by one; the whole list at once is in batch-members.ts. */
export function memberCases(cloud: () => CloudUnderTest, stage: Balancer): void {
  const undo = undoneAfterEach();
  const members = () => cloud().user('tenant-a').cloud.octavia.membersOf(stage.pool('web'));
  const path = () => `/pools/${stage.pool('web')}/members`;

  test('a member is made with defaults, taken once, updated but for its address and port, and removed', async () => {
    const { projectId } = cloud().user('tenant-a');
    const body = { address: '10.10.5.1', protocol_port: 80, name: 'm1' };
    undo(() => members().replaceAll([]));
    const common = {
      id: anyId,
      address: '10.10.5.1',
      protocol_port: 80,
      subnet_id: null,
      operating_status: 'NO_MONITOR',
    };
    expect(await stage.change(() => lbaas(cloud(), ['POST', path(), { member: body }]))).toEqual({
      status: 201,
      body: {
        member: {
          ...common,
          name: 'm1',
          provisioning_status: 'PENDING_CREATE',
          admin_state_up: true,
          weight: 1,
          backup: false,
          project_id: projectId,
          tenant_id: projectId,
          created_at: anyTime,
          updated_at: null,
          monitor_address: null,
          monitor_port: null,
          tags: [],
        },
      },
    });
    const { name: _, ...again } = body;
    expect(await lbaas(cloud(), ['POST', path(), { member: again }])).toEqual(
      fault(409, 'Another member on this pool is already using ip 10.10.5.1 on protocol_port 80'),
    );
    const [{ id } = { id: '' }] = await members().list();
    for (const [field, value] of [
      ['address', '10.10.5.9'],
      ['protocol_port', 81],
      ['subnet_id', cloud().net.subnet],
    ] as const)
      expect(await lbaas(cloud(), ['PUT', `${path()}/${id}`, { member: { [field]: value } }])).toEqual(
        fault(400, `Unknown attribute for argument member_.member: ${field}`),
      );
    const change = {
      weight: 0,
      backup: true,
      admin_state_up: false,
      name: 'mm',
      monitor_port: 99,
      monitor_address: '10.10.5.77',
      tags: ['a'],
    };
    await stage.change(() => members().update(id, change));
    const operating = { operating_status: expect.any(String) };
    expect(await members().get(id)).toMatchObject({
      ...common,
      ...change,
      ...operating,
      provisioning_status: 'ACTIVE',
    });
    await stage.change(() => members().remove(id));
    expect(await members().list()).toEqual([]);
  });

  describe('a member is refused', () => {
    test.each([
      [
        'with a weight above 256',
        { weight: 257 },
        "Invalid input for field/attribute weight. Value: '257'. Value should be lower or equal to 256",
      ],
      [
        'with an address that is none',
        { address: 'nope' },
        "Invalid input for field/attribute address. Value: 'nope'. Value should be IPv4 or IPv6 format",
      ],
      [
        'with the address of the metadata service',
        { address: '169.254.169.254' },
        '169.254.169.254 is not a valid option for member address',
      ],
      ['on a subnet that is not there', { subnet_id: nowhere }, `Subnet ${nowhere} not found.`],
    ])('%s', async (__, body, text) => {
      const member = { address: '10.10.5.9', protocol_port: 81, ...body };
      expect(await lbaas(cloud(), ['POST', path(), { member }])).toEqual(fault(400, text));
    });
  });

  test('a member that is not there is not found, nor is its pool', async () => {
    expect(await lbaas(cloud(), ['GET', `${path()}/${nowhere}`])).toEqual(fault(404, `Member ${nowhere} not found.`));
    expect(await lbaas(cloud(), ['GET', `/pools/${nowhere}/members`])).toEqual(parentMissing('Pool'));
  });
}
