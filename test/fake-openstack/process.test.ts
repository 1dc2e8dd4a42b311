import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { connect } from 'openstack-sdk-lite/cloud';
import { fileCredentials } from 'openstack-sdk-lite/config/sources';
import { waitFor } from '../kubernetes/wait.ts';
import { sendCommand } from './remote-control.ts';

let dir: string;
let child: ChildProcess;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fake-openstack-'));
  child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), '--dir', dir], { stdio: 'ignore' });
});
afterEach(async () => {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
  await rm(dir, { recursive: true });
});

test('is a process of its own, which a clouds.yaml leads to and commands govern', async () => {
  const url = await waitFor('the fake listens', 60, () => readFile(join(dir, 'ready'), 'utf8').catch(() => undefined));
  const credentials = fileCredentials({ paths: [join(dir, 'clouds.yaml')], cloud: 'tenant-a' });
  const cloud = connect({ credentials, userAgent: 'unit/1' });
  try {
    await sendCommand(url, { do: 'node-ports', project: 'tenant-a', addresses: ['10.10.250.1', '10.10.250.2'] });
    const ports = await cloud.neutron.ports.list({ device_owner: 'compute:nova' });
    expect(ports.map((port) => port.fixed_ips.map((ip) => ip.ip_address))).toEqual([['10.10.250.1'], ['10.10.250.2']]);
    await sendCommand(url, { do: 'quota', project: 'tenant-a', octavia: { load_balancer: 0 } });
    const [subnet] = await cloud.neutron.subnets.list({ name: 'tenant-a-subnet' });
    await expect(cloud.octavia.loadBalancers.create({ vip_subnet_id: subnet?.id ?? '' })).rejects.toMatchObject({
      status: 403,
      faultText: 'Quota has been met for resources: Load Balancer',
    });
    expect(await sendCommand(url, { do: 'tree' })).toEqual([]);
    await expect(sendCommand(url, { do: 'advance', ms: 1 })).rejects.toThrow('goes by itself');
  } finally {
    await cloud.close();
  }
});
