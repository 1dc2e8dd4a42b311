import { readFile } from 'node:fs/promises';

/** When a process was started, in ticks since the machine's boot: with its pid it is the name of one process. undefined: it has ended. */
export async function startTimeOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // behind the name, which may hold spaces and parentheses: the state first, the start 19 fields later
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  return 'ZX'.includes(fields[0] ?? 'X') ? undefined : fields[19];
}
