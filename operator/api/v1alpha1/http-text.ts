import { z } from 'zod';
import { celMatch, matching, ruled } from './rule.ts';

/*
 * Octavia copies these strings into the HAProxy file that every tenant of a balancer shares, almost unescaped. So these are lists
 * of what may pass, not of what may not: no quote, no `&`, no `#`, no `<`, and no dash in front, which HAProxy reads as a flag.
 */

/** A path as HAProxy compares it: not decoded, case-sensitive. */
const PATH = /^\/([A-Za-z0-9/._~!*+,;=:@-]|%[0-9A-Fa-f][0-9A-Fa-f])*$/;
const PATH_REGEX = /^\^[A-Za-z0-9/._~!*+,;=:@%^$|()[\]?{}\\-]{0,127}$/;
const plainPath = (text: string) => PATH.test(text) && !text.includes('//');

export function urlPath() {
  return ruled(z.string().max(128), {
    cel: `${celMatch('self', PATH)} && !self.contains('//')`,
    message:
      'path starts with /, has no // and only plain URL characters (letters, digits, / . _ ~ ! * + , ; = : @ - and %XX)',
    holds: plainPath,
  });
}

/** What a path is compared with, and how. */
export function pathMatch() {
  const schema = z.object({
    type: z
      .enum(['Exact', 'PathPrefix', 'Regex'])
      .default('PathPrefix')
      .describe(
        'Exact: this path. PathPrefix: this path and all below it, element by element. Regex: where the balancer allows it (attachment.regexMatches). Octavia: PATH rules.',
      ),
    value: z
      .string()
      .max(128)
      .describe('Compared with the path as it stands in the request: not decoded, case-sensitive, without the query.'),
  });
  return ruled(schema, {
    cel: `self.type == 'Regex' ? ${celMatch('self.value', PATH_REGEX)} : ${celMatch('self.value', PATH)} && !self.value.contains('//')`,
    message:
      'path value starts with /, has no // and only plain URL characters (letters, digits, / . _ ~ ! * + , ; = : @ - and %XX); a Regex starts with ^ and has no quote, space or #',
    holds: ({ type, value }) => (type === 'Regex' ? PATH_REGEX.test(value) : plainPath(value)),
  });
}

export function headerName() {
  return ruled(
    z.string().max(64),
    matching(
      /^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/,
      "must be a header name: letters, digits and '-', first not '-', at most 64 characters",
    ),
  );
}

export function cookieName() {
  return ruled(
    z.string().max(64),
    matching(
      /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/,
      "must be a cookie name: letters, digits, '_', '.' and '-', first not '.' or '-', at most 64 characters",
    ),
  );
}

export function headerValue() {
  return ruled(
    z.string().max(128),
    matching(
      /^[A-Za-z0-9_.~:/?@!*+;=][A-Za-z0-9_.~:/?@!*+;=-]{0,127}$/,
      'header value has 1 to 128 of letters, digits and _ . ~ : / ? @ ! * + ; = -, the first not -; no comma, which HAProxy splits at',
    ),
  );
}

export function cookieValue() {
  return ruled(
    z.string().max(128),
    matching(
      /^[A-Za-z0-9_.~:/?@!*+=][A-Za-z0-9_.~:/?@!*+=-]{0,127}$/,
      'cookie value has 1 to 128 of letters, digits and _ . ~ : / ? @ ! * + = -, the first not -; no comma or semicolon, which end a cookie',
    ),
  );
}

export function fileType() {
  return ruled(
    z.string().max(10),
    matching(
      /^[A-Za-z0-9]{1,10}$/,
      'must be a file name ending without its dot: 1 to 10 letters or digits, such as jpg',
    ),
  );
}

export function redirectTarget() {
  return ruled(
    z.string().max(200),
    matching(
      /^https?:\/\/[A-Za-z0-9.-]+(:[0-9]{1,5})?(\/([A-Za-z0-9/._~!*+,;=:@?-]|%[0-9A-Fa-f]{2})*)?$/,
      'must be an http:// or https:// URL of plain characters, such as https://shop.example.com/new; no &, # or quote, at most 200 characters',
    ),
  );
}
