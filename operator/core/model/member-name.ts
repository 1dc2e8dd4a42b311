import type { Digest, Instant } from './brand.ts';
import { cutMiddle } from './display-name.ts';
import { readInstant, writeInstant } from './tags.ts';

/** What Octavia's status tree does not show of a member, so that its name has to. */
export interface MemberForm {
  /** 0..256; 0: gets no new connections. */
  readonly weight: number;
  readonly backup: boolean;
  /** Where the monitor asks when not on the member's own port. */
  readonly monitorPort: number | undefined;
}

export interface NamedMember extends MemberForm {
  /** Name of the node or Pod. */
  readonly label: string;
  /** When its drain ends; undefined: it does not drain. */
  readonly drainsUntil: Instant | undefined;
}

/** 255 characters, less `~20261122T100100Z` and `#abcdef`: a drain changes nothing of the label. */
const longestLabel = 231;

/** `<node or pod>#<6 hex>`, or `<node or pod>~<when its drain ends>#<6 hex>`. */
export function memberName({ label, drainsUntil, ...form }: NamedMember, digest: Digest): string {
  const end = drainsUntil === undefined ? '' : `~${writeInstant(drainsUntil)}`;
  return `${cutMiddle(label, longestLabel)}${end}#${formHash(form, digest)}`;
}

/** A digest that remembers: for the members of one pool, most of which are of one form. */
export function remembering(digest: Digest): Digest {
  const known = new Map<string, string>();
  return (text) => {
    const made = known.get(text) ?? digest(text);
    known.set(text, made);
    return made;
  };
}

export interface MemberNameParts {
  readonly label: string;
  readonly drainsUntil: Instant | undefined;
  /** undefined: not a name of ours. */
  readonly hash: string | undefined;
}

export function readMemberName(name: string): MemberNameParts {
  const found = /^(.+?)(?:~(\d{8}T\d{6}Z))?#([0-9a-f]{6})$/.exec(name);
  const [, label = name, end, hash] = found ?? [];
  return { label, drainsUntil: end === undefined ? undefined : readInstant(end), hash };
}

function formHash({ weight, backup, monitorPort }: MemberForm, digest: Digest): string {
  return digest(`weight=${weight} role=${backup ? 'backup' : 'active'} monitor=${monitorPort ?? ''}`).slice(0, 6);
}

/** Finds the form that a hash was made of, among those that can be; undefined: none of them. */
export type FormReader = (hash: string, monitorPorts: ReadonlySet<number>) => MemberForm | undefined;

/**
 * A batch PUT resets what it leaves out, so a member that is to stay as it is needs its form said, and its name holds no
 * more than a hash of it. There are few forms: 257 weights, two roles, the known monitor ports.
 */
export function formReader(digest: Digest): FormReader {
  const tables = new Map<number | undefined, ReadonlyMap<string, MemberForm>>();
  const table = (monitorPort: number | undefined): ReadonlyMap<string, MemberForm> => {
    const made = tables.get(monitorPort) ?? formTable(monitorPort, digest);
    tables.set(monitorPort, made);
    return made;
  };
  const usual: MemberForm = { weight: 1, backup: false, monitorPort: undefined };
  const usualHash = formHash(usual, digest);
  return (hash, monitorPorts) => {
    if (hash === usualHash) return usual;
    for (const port of [undefined, ...monitorPorts]) {
      const found = table(port).get(hash);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

function formTable(monitorPort: number | undefined, digest: Digest): ReadonlyMap<string, MemberForm> {
  const table = new Map<string, MemberForm>();
  for (const backup of [false, true])
    for (let weight = 0; weight <= 256; weight += 1) {
      const form = { weight, backup, monitorPort };
      table.set(formHash(form, digest), form);
    }
  return table;
}
