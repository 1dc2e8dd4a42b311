import type { Brand, Digest, Instant, Uid } from './brand.ts';
import type { Key } from './key.ts';

/**
 * What the tags of one Octavia object say. Tags are identity, names are for people: a tag has at most 255
 * characters and no comma (Octavia cannot filter on one), so UIDs stand in them and never namespace/name.
 */
export interface Ownership {
  readonly cluster: Uid;
  readonly balancer: Uid;
  readonly key: Key;
  /** UID of the source object; on L4 listeners, pools, policies. */
  readonly owner?: Uid | undefined;
  /** Since when the claim is held; on L4 listeners and policies. Copied, never refreshed. */
  readonly claimed?: Instant | undefined;
  /** First 12 hex of the SHA-256 of the wanted body. */
  readonly hash?: string | undefined;
  /** On a policy: how often it was switched off because the cloud stopped carrying out changes while it was on (diff/poison.ts). */
  readonly suspected?: number | undefined;
}

const prefix = 'octopool.dev/';

/** The tags of an object, sorted, as Octavia gives them back. */
export function writeTags(ownership: Ownership): readonly string[] {
  const entries: [string, string | undefined][] = [
    ['cluster', ownership.cluster],
    ['balancer', ownership.balancer],
    ['key', ownership.key],
    ['owner', ownership.owner],
    ['claimed', ownership.claimed === undefined ? undefined : writeInstant(ownership.claimed)],
    ['hash', ownership.hash],
    ['suspected', ownership.suspected?.toString()],
  ];
  return entries.flatMap(([name, value]) => (value === undefined ? [] : [`${prefix}${name}=${value}`])).toSorted();
}

/** Whether both say the same when they are written. */
export function sameTags(a: Ownership, b: Ownership | undefined): boolean {
  return (
    b !== undefined &&
    a.cluster === b.cluster &&
    a.balancer === b.balancer &&
    a.key === b.key &&
    a.owner === b.owner &&
    secondOf(a.claimed) === secondOf(b.claimed) &&
    a.hash === b.hash &&
    a.suspected === b.suspected
  );
}

function secondOf(instant: Instant | undefined): number | undefined {
  return instant === undefined ? undefined : Math.floor(instant / 1000);
}

/** undefined: not an object of ours (it lacks cluster, balancer or key). */
export function readTags(tags: readonly string[]): Ownership | undefined {
  const found = new Map<string, string>();
  for (const tag of tags) {
    const at = tag.indexOf('=');
    if (tag.startsWith(prefix) && at > 0) found.set(tag.slice(prefix.length, at), tag.slice(at + 1));
  }
  const [cluster, balancer, key] = [found.get('cluster'), found.get('balancer'), found.get('key')];
  if (cluster === undefined || balancer === undefined || key === undefined) return undefined;
  const claimed = found.get('claimed');
  return {
    cluster: cluster as Uid,
    balancer: balancer as Uid,
    key: key as Key,
    owner: found.get('owner') as Uid | undefined,
    claimed: claimed === undefined ? undefined : readInstant(claimed),
    hash: found.get('hash'),
    ...readSuspected(found.get('suspected')),
  };
}

function readSuspected(text: string | undefined): Pick<Ownership, 'suspected'> {
  const count = Number(text ?? Number.NaN);
  return Number.isInteger(count) && count > 0 ? { suspected: count } : {};
}

/** Tags by which one balancer's objects are listed. */
export function balancerTags(cluster: Uid, balancer: Uid): readonly string[] {
  return [`${prefix}cluster=${cluster}`, `${prefix}balancer=${balancer}`];
}

/** How Neutron objects say whose they are: their tags need a second call, a description does not. */
export type Description = Brand<string, 'Description'>;

export function balancerDescription(cluster: Uid, balancer: Uid): Description {
  return `octopool cluster=${cluster} balancer=${balancer}` as Description;
}

/** Whether some balancer of some cluster says by it that an object is its own. */
export function isBalancerDescription(text: string): boolean {
  return text.startsWith('octopool cluster=');
}

/** First 12 hex of the SHA-256 over a body; the order of its fields is fixed by whoever builds it. */
export function bodyHash(body: unknown, digest: Digest): string {
  return digest(JSON.stringify(body)).slice(0, 12);
}

/** `20261122T100100Z`; milliseconds are dropped. */
export function writeInstant(instant: Instant): string {
  const seconds = Math.floor(instant / 1000);
  const { year, month, day } = civil(Math.floor(seconds / 86_400));
  const rest = seconds - Math.floor(seconds / 86_400) * 86_400;
  return `${year}${two(month)}${two(day)}T${two(Math.floor(rest / 3600))}${two(Math.floor(rest / 60) % 60)}${two(rest % 60)}Z`;
}

export function readInstant(text: string): Instant | undefined {
  const found = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!found) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1).map(Number);
  return ((daysBefore(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second) * 1000) as Instant;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

// Days and dates by the usual era arithmetic: core has no Date, because Date knows the time.
function daysBefore(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
  );
}

function civil(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9);
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
  };
}
