/** Why a regular expression is not let through, at which of its characters (from 0), and what to do. */
export interface RegexFault {
  readonly at: number;
  readonly what: string;
  readonly fix: string;
}

/**
 * One tenant's expression runs for every request of a shared listener, and Octavia checks it by Python while HAProxy runs
 * PCRE. So this is the small language that both read alike and that no backtracking can make slow: no back-reference, no
 * look-around, nothing repeated that repeats or chooses by itself. undefined: it is in that language.
 */
export function regexFault(text: string): RegexFault | undefined {
  try {
    new Reader(text).all();
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return { at: error.at, what: error.message, fix: error.fix };
    throw error;
  }
}

class Fault extends Error {
  readonly at: number;
  readonly fix: string;
  constructor(at: number, what: string, fix: string) {
    super(what);
    this.at = at;
    this.fix = fix;
  }
}

/** What stands before a quantifier. */
type Piece = 'character' | 'plainGroup' | 'busyGroup' | 'anchor' | 'quantified';

const largestCount = 128;
const aClass = 'a class';

/** Recursive descent; it lives for one expression. */
class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  all(): void {
    this.#alternatives();
    if (this.#at < this.#text.length) throw this.#fault('a ) that closes nothing', 'Write \\) for the character.');
  }

  /** Whether there is a choice or a repetition in here. */
  #alternatives(): boolean {
    let busy = this.#sequence();
    while (this.#take('|')) {
      busy = true;
      this.#sequence();
    }
    return busy;
  }

  #sequence(): boolean {
    let busy = false;
    let before: Piece | undefined;
    for (let next = this.#peek(); next !== undefined && next !== '|' && next !== ')'; next = this.#peek()) {
      if ('*+?{'.includes(next)) {
        this.#quantifier(before, next);
        before = 'quantified';
        busy = true;
      } else {
        before = this.#piece(next);
        busy ||= before === 'busyGroup';
      }
    }
    return busy;
  }

  #piece(next: string): Piece {
    if (next === '(') return this.#group();
    if (next === '[') return this.#set();
    if (next === '\\') return this.#escape();
    if (next === ']' || next === '}')
      throw this.#fault(`a ${next} that closes nothing`, `Write \\${next} for the character.`);
    this.#at += 1;
    return next === '^' || next === '$' ? 'anchor' : 'character';
  }

  #group(): Piece {
    const start = this.#at;
    this.#at += 1;
    if (this.#peek() === '?') {
      if (this.#text[this.#at + 1] !== ':')
        throw this.#fault('look-around, a name or a flag', 'Of the groups that start with (? only (?: is possible.');
      this.#at += 2;
    }
    const busy = this.#alternatives();
    if (!this.#take(')'))
      throw new Fault(start, 'a ( that is never closed', 'Close it, or write \\( for the character.');
    return busy ? 'busyGroup' : 'plainGroup';
  }

  #set(): Piece {
    const start = this.#at;
    this.#at += 1;
    this.#take('^');
    let last: string | undefined;
    for (let empty = true; ; empty = false) {
      const next = this.#peek();
      if (next === undefined)
        throw new Fault(start, 'a [ that is never closed', 'Close it, or write \\[ for the character.');
      if (next === ']' && !empty) break;
      if (next === '[' || next === ']') throw this.#fault(`a ${next} inside [ ]`, `Write \\${next} for the character.`);
      const rangeSign = next === '-' && last !== undefined && this.#text[this.#at + 1] !== ']';
      last = rangeSign ? this.#range(last) : this.#member();
    }
    this.#at += 1;
    return 'character';
  }

  /** A character of a set, or a whole class, at which no range can begin or end. */
  #member(): string {
    const next = this.#peek() ?? '';
    if (next !== '\\') {
      this.#at += 1;
      return next;
    }
    const escaped = this.#text[this.#at + 1] ?? '';
    if (escaped === 'b' || escaped === 'B')
      throw this.#fault('a word boundary inside [ ]', 'Take it out: it means a backspace there.');
    this.#escape();
    return /[A-Za-z]/.test(escaped) ? aClass : escaped;
  }

  #range(from: string | undefined): undefined {
    const at = this.#at;
    this.#at += 1;
    const to = this.#member();
    if (from === undefined || from === aClass || to === aClass || to < from)
      throw new Fault(at, 'a range that does not rise', 'Turn it round, or write \\- for the character.');
    return undefined;
  }

  #escape(): Piece {
    const next = this.#text[this.#at + 1];
    if (next === undefined) throw this.#fault('a \\ with nothing behind it', 'Write \\\\ for the character.');
    if (/[0-9]/.test(next)) throw this.#fault('a back-reference', 'Say again what it refers to.');
    if (/[A-Za-z]/.test(next) && !'dDwWsSbB'.includes(next))
      throw this.#fault(
        `\\${next}`,
        'Of the escapes that are letters only \\d \\D \\w \\W \\s \\S \\b \\B are possible.',
      );
    this.#at += 2;
    return next === 'b' || next === 'B' ? 'anchor' : 'character';
  }

  #quantifier(before: Piece | undefined, sign: string): void {
    if (before === undefined || before === 'anchor')
      throw this.#fault(`a ${sign} with nothing to repeat`, `Write \\${sign} for the character.`);
    if (before === 'quantified') throw this.#fault(`a ${sign} behind another quantifier`, 'One quantifier is enough.');
    const at = this.#at;
    const repeats = sign === '{' ? this.#count() : sign !== '?';
    if (sign !== '{') this.#at += 1;
    if (repeats && before === 'busyGroup')
      throw new Fault(at, 'a nested quantifier', 'Do not repeat a group that repeats or chooses by itself.');
  }

  /** `{2}`, `{2,}`, `{2,5}`; whether it can mean more than once. */
  #count(): boolean {
    const found = /^\{(\d{1,3})(,(\d{1,3})?)?\}/.exec(this.#text.slice(this.#at));
    if (found === null) throw this.#fault('a { that is no count', 'Write \\{ for the character.');
    const [all, least, comma, most] = found;
    const top = Number(most ?? (comma === undefined ? least : largestCount));
    if (top > largestCount || Number(least) > top)
      throw this.#fault('a count that is not possible', `Counts rise and end at ${largestCount}.`);
    this.#at += all.length;
    return top > 1;
  }

  #peek(): string | undefined {
    return this.#text[this.#at];
  }

  #take(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#at += 1;
    return true;
  }

  #fault(what: string, fix: string): Fault {
    return new Fault(this.#at, what, fix);
  }
}
