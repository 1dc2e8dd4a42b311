import type { Command } from '../command.ts';

/**
 * The command line that runs `command` in a network namespace and nowhere else: `ip netns exec` would also mount a
 * fresh /sys, in which there are no cgroups.
 */
export function enterNamespace(namespace: string, command: readonly string[]): readonly string[] {
  return ['nsenter', `--net=/run/netns/${namespace}`, '--', ...command];
}

/** The same for runCommand. */
export function inNamespace(namespace: string, command: readonly string[], seconds = 30): Command {
  const [program = '', ...args] = enterNamespace(namespace, command);
  return { program, args, seconds };
}
