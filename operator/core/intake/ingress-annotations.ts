import type { Problem } from '../model/reason.ts';
import type { BackendPolicySpec } from '../model/route-spec.ts';
import type { Labels } from '../model/terms.ts';

/** What annotations of an Ingress say. */
export interface IngressSettings {
  /** undefined: every HTTP listener. */
  readonly listeners: readonly string[] | undefined;
  readonly policy: BackendPolicySpec;
  /** A value that cannot be read is nobody's wish: nothing of the Ingress is changed until it is corrected. */
  readonly problem: Problem | undefined;
}

const prefix = 'octopool.dev/';
export const listenersAnnotation = `${prefix}listeners`;

export function ingressSettings(annotations: Labels): IngressSettings {
  const said = (name: string): string | undefined => annotations[`${prefix}${name}`]?.trim();
  const [targetType, drainTimeout] = [said('target-type'), said('drain-timeout')];
  const listeners = said('listeners')
    ?.split(',')
    .map((name) => name.trim());
  return {
    listeners,
    policy: {
      targetType: targetTypes.find((one) => one === targetType),
      drainTimeout: drainTimeout === undefined ? undefined : milliseconds(drainTimeout),
    },
    problem:
      redirectProblem(said('https-redirect')) ??
      misread('listeners', said('listeners'), {
        readable: listeners?.every((name) => name !== '') === true,
        fault: 'names no listener somewhere between its commas',
      }) ??
      misread('target-type', targetType, {
        readable: targetTypes.some((one) => one === targetType),
        fault: 'is neither NodePort nor PodIP',
      }) ??
      misread('drain-timeout', drainTimeout, {
        readable: drainTimeout !== undefined && (milliseconds(drainTimeout) ?? Infinity) <= longestDrain,
        fault: 'is no duration from 0s to 1h such as 45s or 1m30s',
      }) ??
      misread('paused', said('paused'), {
        readable: ['true', 'false'].includes(said('paused') ?? ''),
        fault: 'is neither "true" nor "false"',
      }),
  };
}

const targetTypes = ['NodePort', 'PodIP'] as const;
const longestDrain = 3_600_000;

function misread(
  name: string,
  value: string | undefined,
  { readable, fault }: { readonly readable: boolean; readonly fault: string },
): Problem | undefined {
  if (value === undefined || readable) return undefined;
  return {
    reason: 'Invalid',
    message: `Annotation ${prefix}${name}: ${JSON.stringify(value.slice(0, 100))} ${fault}. Correct it, or remove the annotation.`,
  };
}

function redirectProblem(code: string | undefined): Problem | undefined {
  if (code === undefined) return undefined;
  return {
    reason: 'UnsupportedValue',
    message: `Annotation ${prefix}https-redirect: TLS is not served yet, so there is nowhere to redirect to. Remove the annotation.`,
  };
}

/** GEP-2257: up to four terms, as `1m30s`. */
function milliseconds(duration: string): number | undefined {
  if (!/^([0-9]{1,5}(h|m|s|ms)){1,4}$/.test(duration)) return undefined;
  const terms = [...duration.matchAll(/([0-9]+)(h|ms|m|s)/g)];
  return terms.reduce((sum, [, count, unit]) => sum + Number(count) * (units.get(unit ?? '') ?? 0), 0);
}

const units: ReadonlyMap<string, number> = new Map([
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
]);
