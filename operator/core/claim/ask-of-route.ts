import type { Intents, RouteIntent, RuleIntent } from '../model/intents.ts';
import { type Asks, type AskInput, dropped, grants, nothing, rememberedHosts, together } from './asks.ts';
import { attachProblem } from './attach.ts';
import { candidate, unitsOf } from './candidates.ts';
import { addressMismatch, exposureMismatch } from './reach.ts';
import { ruleFault } from './rule-fault.ts';
import { brokenRule, pausedRoute, unreadableRoute } from './staying.ts';

export function asks({ routes }: Intents, input: AskInput): Asks {
  return together(routes.map((route) => askOf(remembering(route, input), input)));
}

/** An Ingress remembers that it was served, not with which hosts: that counts only where the cloud has forgotten all of it. */
function remembering(route: RouteIntent, { proof }: AskInput): RouteIntent {
  const { kind, uid } = route.source;
  return kind === 'Ingress' && proof.anyOf(uid, undefined) ? { ...route, recorded: [] } : route;
}

function askOf(route: RouteIntent, input: AskInput): Asks {
  const turnedAway = attachProblem(route, input.balancer) ?? exposureMismatch(route, input);
  if (turnedAway !== undefined)
    return { ...nothing, told: ruleNames(route).map((rule) => dropped(route, rule, turnedAway)) };
  const problem = route.problem ?? addressMismatch(route, input);
  if (problem !== undefined) return unreadableRoute(route, problem, input);
  if (route.switches.paused) return pausedRoute(route, input);
  return together(route.rules.map((rule) => askOfRule(route, rule, input)));
}

function askOfRule(route: RouteIntent, rule: RuleIntent, input: AskInput): Asks {
  if (rule.kind === 'http' && rule.withdrawn !== undefined)
    return { ...nothing, told: [dropped(route, rule.name, rule.withdrawn)] };
  const fault = ruleFault(rule, route, input);
  if (fault !== undefined) {
    const held = brokenRule({ route, rule, fault, input });
    if (held !== undefined) return held;
  }
  const { given, denied } = grants(unitsOf(route, rule), route, input);
  const [first] = denied;
  if (given.length === 0 && first !== undefined)
    return { ...nothing, told: [dropped(route, rule.name, first.problem)] };
  const { proof } = input;
  return {
    ...nothing,
    candidates: given.map((one) => candidate({ ...one, route, proof, frozen: false })),
    remembered: rememberedHosts(given, route),
    denied,
  };
}

function ruleNames({ rules }: RouteIntent): readonly string[] {
  return rules.length === 0 ? ['*'] : rules.map((rule) => rule.name);
}
