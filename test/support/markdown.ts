import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Pages for people, as their readers find them: what is fenced, and what is linked. */

export const repository = join(import.meta.dirname, '../..');

export interface Page {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

export function pages(): readonly Page[] {
  const inDocs = readdirSync(join(repository, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => join('docs', path));
  return ['README.md', ...inDocs.toSorted()].map(page);
}

function page(path: string): Page {
  return { path, text: readFileSync(join(repository, path), 'utf8') };
}

/** Contents of the blocks that are fenced as one language, without the indent of the list that they stand in. */
export function fenced({ text }: Page, language: string): readonly string[] {
  const blocks = text.matchAll(new RegExp(`^( *)\`\`\`${language}\\n([\\s\\S]*?)^\\1\`\`\``, 'gm'));
  return [...blocks].map(([, indent = '', content = '']) =>
    content
      .split('\n')
      .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line))
      .join('\n'),
  );
}

/** Relative links of a page that lead to no file, or to no heading of one. */
export function deadLinks({ path, text }: Page): readonly string[] {
  const links = withoutFences(text).matchAll(/\]\(([^)\s]+)\)/g);
  return [...links].flatMap(([, link = '']) => (isAlive(path, link) ? [] : [link]));
}

function isAlive(from: string, link: string): boolean {
  if (/^[a-z]+:/.test(link)) return true;
  const [file = '', heading] = link.split('#');
  const path = file === '' ? from : join(dirname(from), file);
  if (!existsSync(join(repository, path))) return false;
  return heading === undefined || headings(page(path)).includes(heading);
}

/** As the usual renderers name them. */
function headings({ text }: Page): readonly string[] {
  return [...withoutFences(text).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function withoutFences(text: string): string {
  return text.replaceAll(/^( *)```[\s\S]*?^\1```/gm, '');
}
