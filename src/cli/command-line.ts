import type { Argv } from 'yargs'
import { EXIT_CODES } from '../exit-code.js'
import { aboutCommands } from './commands/about-commands.js'
import type { Global, Run } from './commands/command.js'
import { dkimCommands } from './commands/dkim-commands.js'
import { dmarcCommands } from './commands/dmarc-commands.js'
import { firstSpecCommands } from './commands/first-spec-commands.js'
import { hostCommands } from './commands/host-commands.js'
import { moveCommands } from './commands/move-commands.js'
import { planCommands } from './commands/plan-commands.js'
import { spfCommands } from './commands/spf-commands.js'
import { tlsaCommands } from './commands/tlsa-commands.js'
import { verifyCommands } from './commands/verify-commands.js'
import { GLOBAL_OPTIONS } from './options.js'
import { version } from './version.js'

/** In the order of `mailsync --help`; what is described here is all that there is to run. */
const GROUPS: readonly ((parser: Argv<Global>, run: Run) => Argv<Global>)[] = [
  planCommands,
  verifyCommands,
  dkimCommands,
  hostCommands,
  moveCommands,
  spfCommands,
  tlsaCommands,
  dmarcCommands,
  firstSpecCommands,
  aboutCommands,
]

/** The commands, their options and examples. */
export function describeCommands(parser: Argv, run: Run): Argv {
  const described = parser
    .scriptName('mailsync')
    .parserConfiguration({ 'dot-notation': false }) // `--zone.x=1` would be an object.
    .usage('$0 <command>\n\nMail DNS as code: one YAML file becomes A, AAAA, MX, PTR, SPF, DKIM and DMARC records.')
    .version(version)
    .alias('help', 'h')
    .options(GLOBAL_OPTIONS)
  return GROUPS.reduce((all: Argv<Global>, group) => group(all, run), described)
    .example('$0 plan', 'what would change in DNS')
    .example('$0 plan --out plan.json && $0 apply plan.json', 'apply exactly what was reviewed')
    .example('$0 apply --yes --zone example.com', 'one zone, without asking')
    .example('$0 compile --format zone --zone example.com', 'a zone file, offline')
    .epilogue(
      `Exit codes: ${Object.entries(EXIT_CODES)
        .map(([code, meaning]) => `${code} ${meaning}`)
        .join(', ')}.`,
    )
    .demandCommand(1, 'a command is missing')
    .strict()
}
