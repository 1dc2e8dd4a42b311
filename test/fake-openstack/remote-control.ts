import type { Command } from './commands.ts';

/** Does to a fake OpenStack in another process what `FakeOpenStack.do` does in this one. */
export async function sendCommand(url: string, what: Command): Promise<unknown> {
  const answer = await fetch(`${url}/__control`, {
    method: 'POST',
    body: JSON.stringify(what),
    signal: AbortSignal.timeout(30_000),
  });
  const body: unknown = await answer.json();
  if (!answer.ok) throw new Error(`the fake OpenStack answered ${answer.status}: ${JSON.stringify(body)}`);
  return body;
}
