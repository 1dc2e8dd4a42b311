import type { RuleIntent } from '../model/intents.ts';
import type { Problem } from '../model/reason.ts';
import type { ServiceObject } from '../model/snapshot.ts';

/** Kubernetes' own default, which nobody had to write. */
const unsaid = 10_800_000;

/** Where sessionAffinity ClientIP does less than it says. */
export function affinityRemarks(service: ServiceObject | undefined, rules: readonly RuleIntent[]): readonly Problem[] {
  const { clientAffinity } = service ?? {};
  if (clientAffinity === undefined) return [];
  const onNodes = rules.some((rule) => backendsOf(rule).some(({ target }) => target.type === 'NodePort'));
  const streams = rules.some((rule) => rule.kind === 'http' || rule.protocol === 'TCP');
  return [
    ...(onNodes
      ? [
          remark(
            'spec.sessionAffinity: by node ports every node sees the load balancer as its one client, and sends all to one Pod. Annotate the Service with octopool.dev/target-type: PodIP.',
          ),
        ]
      : []),
    ...(streams && clientAffinity !== unsaid
      ? [
          remark(
            'spec.sessionAffinityConfig.clientIP.timeoutSeconds: Octavia has it for UDP and SCTP only; TCP clients stay as long as HAProxy knows them. Leave it out.',
          ),
        ]
      : []),
  ];
}

function backendsOf(rule: RuleIntent) {
  if (rule.kind === 'l4') return rule.pool.backends;
  return rule.action.type === 'Forward' ? rule.action.pool.backends : [];
}

function remark(message: string): Problem {
  return { reason: 'UnsupportedValue', message };
}
