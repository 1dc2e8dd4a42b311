import { inspect } from 'node:util';

/** A text that must not be seen: it prints `[redacted]` as JSON, as a string and in the inspector. Only `reveal()` shows it. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return redacted;
  }

  toJSON(): string {
    return redacted;
  }

  [inspect.custom](): string {
    return redacted;
  }
}

const redacted = '[redacted]';
