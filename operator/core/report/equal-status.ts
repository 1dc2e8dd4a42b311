/** Whether a status says the same as the one read from the API server: fields that are undefined and fields that are not there are one. */
export function equalStatus(status: unknown, raw: unknown): boolean {
  if (status === raw) return true;
  if (typeof status !== 'object' || typeof raw !== 'object' || status === null || raw === null) return false;
  const left = Object.entries(status).filter(([, value]) => value !== undefined);
  const right = new Map(Object.entries(raw).filter(([, value]) => value !== undefined));
  return (
    left.length === right.size && left.every(([name, value]) => right.has(name) && equalStatus(value, right.get(name)))
  );
}
