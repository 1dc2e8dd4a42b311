import { Command, type Option } from 'commander';
import { operatorOptions, releaseOptions, responderOptions } from '../../operator/config.ts';
import type { Page } from './reference.ts';

/** docs/reference/command-line.md, from the same options as --help. */

const heading = '<!-- Generated from operator/config.ts by `make reference`; never edited by hand. -->\n';
const columns = '| flag | variable | default | meaning |\n|---|---|---|---|\n';

const commands: readonly { readonly name: string; readonly about: string; readonly options: readonly Option[] }[] = [
  {
    name: 'octopool operator',
    about:
      'The operator; `octopool` alone is the same. In the shipped Deployment: `args` of the container, or `env` for what has a variable. A flag counts before its variable.',
    options: operatorOptions(new Command(), '').options,
  },
  {
    name: 'octopool release',
    about: 'Takes the finalizers off for an [uninstall](../tasks/uninstall.md).',
    options: releaseOptions(new Command()).options,
  },
  {
    name: 'octopool responder',
    about: 'The [404 responder](../tasks/responder.md).',
    options: responderOptions(new Command()).options,
  },
];

export function commandLinePage(): Page {
  const sections = commands.map(
    ({ name, about, options }) => `## ${name}\n\n${about}\n\n${columns}${options.map(row).join('')}`,
  );
  return { file: 'command-line.md', text: `${heading}\n# Command line\n\n${sections.join('\n')}\n${credentials}` };
}

function row({ flags, envVar, description, argChoices, defaultValue }: Option): string {
  const choices = argChoices === undefined ? '' : ` (${argChoices.map((one) => `\`${one}\``).join(', ')})`;
  return `| \`${flags}\` | ${envVar === undefined ? '' : `\`${envVar}\``} | ${defaultOf(defaultValue)} | ${description}${choices} |\n`;
}

/** A switch is off, and the one name that is the machine's differs everywhere. */
function defaultOf(defaultValue: unknown): string {
  return typeof defaultValue !== 'string' || defaultValue === '' ? '' : `\`${defaultValue}\``;
}

const credentials = `## Credentials of OpenStack

| variable | meaning |
|---|---|
| \`OS_CLIENT_CONFIG_FILE\`, \`OS_CLOUD\` | a \`clouds.yaml\` and its entry; the file is read again when it changes. The shipped Deployment sets both |
| \`OS_AUTH_URL\`, \`OS_USERNAME\`, \`OS_PASSWORD\`, \`OS_PROJECT_NAME\`, \`OS_APPLICATION_CREDENTIAL_ID\`, … | the usual variables, where neither of those is set |
`;
