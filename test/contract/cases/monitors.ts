import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { anyId, anyTime, fault, nowhere, unknownFilter } from '../answers.ts';
import { type Balancer, lbaas } from '../balancer.ts';
import type { CloudUnderTest } from '../cloud-under-test.ts';
import { undoneAfterAll } from '../undo.ts';

const pattern = String.raw`^(\d{3}(\s*,\s*\d{3})*)$|^(\d{3}-\d{3})$`;
const made = z.object({ healthmonitor: z.object({ id: z.string() }) });

export function monitorCases(cloud: () => CloudUnderTest, stage: Balancer): void {
  const monitors = () => cloud().user('tenant-a').cloud.octavia.healthMonitors;
  const body = (pool: string) => ({ pool_id: stage.pool(pool), type: 'HTTP', delay: 5, timeout: 3, max_retries: 3 });

  describe('a monitor', () => {
    const undo = undoneAfterAll();
    let id = '';
    const put = (change: object) => lbaas(cloud(), ['PUT', `/healthmonitors/${id}`, { healthmonitor: change }]);

    test('is made with defaults', async () => {
      const { projectId } = cloud().user('tenant-a');
      const answer = await stage.change(() =>
        lbaas(cloud(), ['POST', '/healthmonitors', { healthmonitor: body('web') }]),
      );
      id = made.parse(answer.body).healthmonitor.id;
      undo(() => stage.change(() => monitors().remove(id)));
      expect(answer).toEqual({
        status: 201,
        body: {
          healthmonitor: {
            id: anyId,
            name: '',
            type: 'HTTP',
            delay: 5,
            timeout: 3,
            max_retries: 3,
            max_retries_down: 3,
            http_method: 'GET',
            http_version: null,
            url_path: '/',
            expected_codes: '200',
            domain_name: null,
            admin_state_up: true,
            project_id: projectId,
            tenant_id: projectId,
            pools: [{ id: stage.pool('web') }],
            provisioning_status: 'PENDING_CREATE',
            operating_status: 'OFFLINE',
            created_at: anyTime,
            updated_at: null,
            tags: [],
          },
        },
      });
      const pool = await cloud().user('tenant-a').cloud.octavia.pools.get(stage.pool('web'));
      expect(pool.healthmonitor_id).toBe(id);
    });

    test('is the only one of its pool', async () => {
      expect(await lbaas(cloud(), ['POST', '/healthmonitors', { healthmonitor: body('web') }])).toEqual(
        fault(409, 'This pool already has a health monitor'),
      );
    });

    test('takes all fields but its type, also a timeout above its delay', async () => {
      const change = {
        name: 'hm',
        delay: 5,
        timeout: 30,
        max_retries: 2,
        max_retries_down: 2,
        url_path: '/x',
        http_method: 'HEAD',
        http_version: 1.1,
        domain_name: 'a.b',
        expected_codes: '200,204',
        admin_state_up: false,
        tags: ['x'],
      };
      await stage.change(() => monitors().update(id, change));
      expect(await monitors().get(id)).toMatchObject({ ...change, type: 'HTTP', provisioning_status: 'ACTIVE' });
      expect(await put({ type: 'TCP' })).toEqual(
        fault(400, 'Unknown attribute for argument health_monitor_.healthmonitor: type'),
      );
    });

    test.each([
      [
        { max_retries: 11 },
        "Invalid input for field/attribute max_retries. Value: '11'. Value should be lower or equal to 10",
      ],
      [
        { url_path: 'nolead' },
        "Invalid input for field/attribute url_path. Value: 'nolead'. Value must be a valid URL Path string",
      ],
      [
        { expected_codes: 'abc' },
        `Invalid input for field/attribute expected_codes. Value: 'abc'. Value should match the pattern ${pattern}`,
      ],
      [
        { expected_codes: '200,204-206' },
        `Invalid input for field/attribute expected_codes. Value: '200,204-206'. Value should match the pattern ${pattern}`,
      ],
    ])('does not take %j', async (change, text) => {
      expect(await put(change)).toEqual(fault(400, text));
    });

    test('is found by its tags, and not by its load balancer', async () => {
      expect((await monitors().list({ tags: ['x'] })).map((one) => one.id)).toEqual([id]);
      expect(await lbaas(cloud(), ['GET', `/healthmonitors?loadbalancer_id=${stage.id()}`])).toEqual(unknownFilter);
    });
  });

  test('a monitor for UDP does not go with a TCP pool', async () => {
    const healthmonitor = { ...body('tcp'), type: 'UDP-CONNECT' };
    expect(await lbaas(cloud(), ['POST', '/healthmonitors', { healthmonitor }])).toEqual(
      fault(400, 'Validation failure: The UDP-CONNECT type is only supported for pools of type UDP/SCTP.'),
    );
  });

  test('a monitor that is not there is not found, nor is its pool', async () => {
    expect(await lbaas(cloud(), ['GET', `/healthmonitors/${nowhere}`])).toEqual(
      fault(404, `Health Monitor ${nowhere} not found.`),
    );
    const healthmonitor = { ...body('tcp'), pool_id: nowhere };
    expect(await lbaas(cloud(), ['POST', '/healthmonitors', { healthmonitor }])).toEqual(
      fault(404, `Pool ${nowhere} not found.`),
    );
  });
}
