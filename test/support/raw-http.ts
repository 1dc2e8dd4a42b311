import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';

/** HTTP as bytes on a connection, for what a client's library would smooth over. */

/** Sends `said`, and answers with all that comes back until the server ends the connection. */
export async function exchange(port: number, said: string): Promise<string> {
  const socket = await opened(port);
  socket.write(said);
  try {
    return await text(socket);
  } finally {
    socket.destroy();
  }
}

/** A connection that stays: `ask` answers with the next response, which must have a body. */
export interface Kept {
  send(bytes: string): void;
  ask(request: string): Promise<string>;
  /** Answers when the server has ended it. */
  ended(): Promise<void>;
}

export async function keptConnection(port: number): Promise<Kept> {
  const socket = await opened(port);
  const end = Promise.withResolvers<void>();
  socket.on('error', () => undefined); // cut off is ended too
  socket.on('close', () => end.resolve()).resume();
  const send: Kept['send'] = (bytes) => void socket.write(bytes);
  return {
    send,
    ask: async (request) => {
      send(request);
      let said = '';
      while (!isWhole(said)) {
        const [chunk] = (await once(socket, 'data')) as [Buffer];
        said += chunk.toString();
      }
      return said;
    },
    ended: () => end.promise,
  };
}

async function opened(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', timeout: 60_000 });
  socket.on('timeout', () => socket.destroy(new Error('nothing was said for a minute')));
  await once(socket, 'connect');
  return socket;
}

function isWhole(said: string): boolean {
  const [head = '', body] = said.split('\r\n\r\n');
  const length = /^content-length: (\d+)$/im.exec(head)?.[1];
  return body !== undefined && Buffer.byteLength(body) === Number(length);
}

/** Status line, headers but for Date, and body, so that a whole response can be compared. */
export function responseOf(said: string) {
  const [head = '', ...body] = said.split('\r\n\r\n');
  const [status = '', ...lines] = head.split('\r\n');
  const headers = lines.map((line) => line.toLowerCase().split(': ', 2) as [string, string]);
  return {
    status,
    headers: Object.fromEntries(headers.filter(([name]) => name !== 'date')),
    body: body.join('\r\n\r\n'),
  };
}
