import type { Ids } from '../ids.ts';

export interface Project {
  readonly id: string;
  readonly name: string;
}

export interface User {
  readonly id: string;
  readonly name: string;
  /** A test may change it, as an administrator would. */
  password: string;
  readonly project: Project;
  roles: readonly string[];
}

export interface ApplicationCredential {
  readonly id: string;
  readonly name: string;
  secret: string;
  readonly user: User;
}

export interface Accounts {
  readonly projects: readonly Project[];
  readonly users: readonly User[];
  readonly applicationCredentials: readonly ApplicationCredential[];
}

/** The people that the lab has too, with the same names, passwords and roles. */
export function accounts(ids: Ids): Accounts {
  const [admin, service, a, b] = ['admin', 'service', 'tenant-a', 'tenant-b'].map((name) => ({ id: ids.hex(), name }));
  if (admin === undefined || service === undefined || a === undefined || b === undefined)
    throw new Error('unreachable');
  const user = (name: string, project: Project, roles: readonly string[]): User => ({
    id: ids.hex(),
    name,
    password: `pw-${name}`,
    project,
    roles: ['reader', ...roles],
  });
  const tenantA = user('tenant-a', a, ['member', 'load-balancer_member', 'creator']);
  const tenantB = user('tenant-b', b, ['member', 'load-balancer_member', 'creator']);
  return {
    projects: [admin, service, a, b],
    users: [
      user('admin', admin, ['admin', 'member', 'load-balancer_admin', 'creator']),
      tenantA,
      user('tenant-a-observer', a, ['load-balancer_observer']),
      user('tenant-a-norole', a, ['member']),
      user('tenant-a-admin', a, ['member', 'load-balancer_admin', 'creator']),
      tenantB,
    ],
    applicationCredentials: [tenantA, tenantB].map((owner) => ({
      id: ids.hex(),
      name: 'operator',
      secret: `appcred-secret-${owner.name}`,
      user: owner,
    })),
  };
}

/** One entry for each user, named as the user, and `<user>-appcred` for each application credential. */
export function cloudsYaml(authUrl: string, { users, applicationCredentials }: Accounts): string {
  const passwords = users.map((user) =>
    entry(user.name, [
      'auth:',
      `  auth_url: ${authUrl}`,
      `  username: ${user.name}`,
      `  password: ${user.password}`,
      `  project_name: ${user.project.name}`,
      '  user_domain_id: default',
      '  project_domain_id: default',
    ]),
  );
  const credentials = applicationCredentials.map(({ id, secret, user }) =>
    entry(`${user.name}-appcred`, [
      'auth_type: v3applicationcredential',
      'auth:',
      `  auth_url: ${authUrl}`,
      `  application_credential_id: ${id}`,
      `  application_credential_secret: ${secret}`,
    ]),
  );
  return `clouds:\n${[...passwords, ...credentials].join('\n')}\n`;
}

function entry(name: string, lines: readonly string[]): string {
  return [`  ${name}:`, '    region_name: RegionOne', ...lines.map((line) => `    ${line}`)].join('\n');
}
