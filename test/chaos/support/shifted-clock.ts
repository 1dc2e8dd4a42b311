/** Loaded before the operator: its time of day is off by CLOCK_SHIFT_MS, as on a machine that nobody sets right. */
const shift = Number(process.env['CLOCK_SHIFT_MS'] ?? '0');
const trueNow = Date.now.bind(Date);

globalThis.Date = new Proxy(Date, {
  construct: (date, args: [], target) =>
    Reflect.construct(date, args.length === 0 ? [trueNow() + shift] : args, target) as object,
  get: (date, name) => (name === 'now' ? () => trueNow() + shift : Reflect.get(date, name)),
});
