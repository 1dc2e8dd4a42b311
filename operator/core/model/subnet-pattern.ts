/** Which subnets of a floating network may give the address: by name, by tags, or both. */
export interface SubnetPattern {
  readonly name: NamePattern | undefined;
  readonly tags: TagPattern | undefined;
}

export interface NamePattern {
  /** Those that do not match are meant. */
  readonly not: boolean;
  /** glob: `*` any text, `?` one character, and the whole name. regexp: anywhere in the name. */
  readonly kind: 'glob' | 'regexp';
  readonly text: string;
}

export interface TagPattern {
  readonly not: boolean;
  readonly match: 'any' | 'all';
  readonly tags: readonly string[];
}

export function fitsPattern(
  { name, tags }: SubnetPattern,
  subnet: { readonly name: string; readonly tags: readonly string[] },
): boolean {
  return (name === undefined || nameFits(name, subnet.name)) && (tags === undefined || tagsFit(tags, subnet.tags));
}

function nameFits({ not, kind, text }: NamePattern, name: string): boolean {
  return (kind === 'glob' ? globFits(text, name) : new RegExp(text).test(name)) !== not;
}

function tagsFit({ not, match, tags }: TagPattern, has: readonly string[]): boolean {
  const fits = match === 'all' ? tags.every((tag) => has.includes(tag)) : tags.some((tag) => has.includes(tag));
  return fits !== not;
}

/** Goes back to the last star only, so no pattern makes it slow. */
function globFits(glob: string, text: string): boolean {
  let [at, place, star, resume] = [0, 0, -1, 0];
  while (place < text.length) {
    if (glob[at] === '*') {
      star = at;
      at += 1;
      resume = place;
    } else if (at < glob.length && (glob[at] === '?' || glob[at] === text[place])) {
      at += 1;
      place += 1;
    } else if (star >= 0) {
      at = star + 1;
      resume += 1;
      place = resume;
    } else return false;
  }
  return /^\**$/.test(glob.slice(at));
}
