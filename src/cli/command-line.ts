import type { Argv } from 'yargs'
import { MailsyncError } from '../../records/error.js'
import { SHELLS } from '../completion/scripts.js'
import { EXIT_CODES, type ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { conformanceOptions } from './conformance-options.js'
import { importOptions, initOptions } from './first-spec-options.js'
import { APPLY_OPTIONS, CONFIG, PLAN_OPTIONS, positive, repeatable, resolverOption, TEXT_OR_JSON } from './options.js'
import { version } from './version.js'

interface Global {
  config: string
}

/** Takes a command that has begun, and keeps how it ends. */
type Finish = (pending: Promise<ExitCode>) => Promise<void>

/** The words `mailsync` knows as commands. */
export const COMMANDS: readonly string[] = [
  'plan',
  'apply',
  'compile',
  'dkim',
  'providers',
  'init',
  'import',
  'spf',
  'completion',
  'conformance',
]

/** And those below them. */
export const SUBCOMMANDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['dkim', ['generate', 'list', 'check']],
  ['spf', ['check', 'refresh']],
])

/** The commands, their options and examples. */
export function describeCommands(parser: Argv, io: Io, finish: Finish): Argv {
  return parser
    .scriptName('mailsync')
    .parserConfiguration({ 'dot-notation': false }) // `--zone.x=1` would be an object.
    .usage('$0 <command>\n\nMail DNS as code: one YAML file becomes A, AAAA, MX, PTR, SPF, DKIM and DMARC records.')
    .version(version)
    .alias('help', 'h')
    .option('config', CONFIG)
    .command('plan', 'show what would change, and why; write nothing', planOptions, async (args) => {
      const { planCommand } = await import('../commands/plan.js')
      await finish(planCommand(args, io))
    })
    .command('apply [plan]', 'make DNS as the spec says, or as a saved plan says', applyOptions, async (args) => {
      const { applyCommand } = await import('../commands/apply.js')
      await finish(applyCommand(args, io))
    })
    .command('compile', 'print the records the spec means, offline', compileOptions, async (args) => {
      const { compileCommand } = await import('../commands/compile.js')
      await finish(compileCommand(args, io))
    })
    .command('dkim', 'make and look after DKIM keys', (sub) => dkimCommands(sub, io, finish))
    .command(
      'providers',
      'the adapters there are; with --check, whether those of the spec can do their work',
      providersOptions,
      async (args) => {
        const { providersCommand } = await import('../commands/providers.js')
        await finish(providersCommand(args, io))
      },
    )
    .command(
      'init [domain]',
      'write a first spec: ask what it needs, and look at DNS; change nothing there',
      initOptions,
      async (args) => {
        const { initCommand } = await import('../commands/init.js')
        const { lookAtDns } = await import('../init/look-at-dns.js')
        await finish(initCommand(args, io, args.dns ? lookAtDns({ resolver: args.resolver }, io) : undefined))
      },
    )
    .command(
      'import [domain..]',
      'write a first spec from public DNS, a provider or a zone file; change nothing',
      importOptions,
      async (args) => {
        const { importCommand } = await import('../commands/import.js')
        await finish(importCommand(args, io))
      },
    )
    .command('spf', 'evaluate SPF as receivers do', (sub) => spfCommands(sub, io, finish))
    .command(
      'completion [shell]',
      'print the script with which bash, zsh or fish completes mailsync',
      completionOptions,
      async (args) => {
        const { completionCommand } = await import('../commands/completion.js')
        await finish(completionCommand(args, io))
      },
    )
    .command(
      'conformance [adapter]',
      'try an adapter at a zone of your own: what it does right, and what not',
      conformanceOptions,
      async (args) => {
        const { conformanceCommand } = await import('../commands/conformance.js')
        await finish(conformanceCommand(args, io))
      },
    )
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
    .check(onlyOnce)
    .strict()
}

function textOrJson<T>(parser: Argv<T>) {
  return parser.option('format', TEXT_OR_JSON)
}

function planOptions(parser: Argv<Global>) {
  return parser.options(PLAN_OPTIONS).example('$0 plan --format html > plan.html', 'a report to look at')
}

function applyOptions(parser: Argv<Global>) {
  return parser
    .options(APPLY_OPTIONS)
    .positional('plan', { type: 'string', describe: 'a plan saved with `plan --out`; refused when stale' })
    .example('$0 apply plan.json --yes', 'what was reviewed, exactly')
}

function compileOptions(parser: Argv<Global>) {
  return parser
    .option('zone', { alias: 'z', ...repeatable, describe: 'only this zone (repeatable)' })
    .option('format', {
      choices: ['zone', 'yaml', 'json'] as const,
      default: 'zone' as const,
      describe: 'zone file, octoDNS YAML, or JSON',
    })
    .option('out', {
      alias: 'o',
      type: 'string',
      describe: 'write a file a zone into this folder, and the files of MTA-STS policies and of mail clients',
    })
    .option('observe', {
      type: 'boolean',
      default: false,
      describe: 'ask the sources of addresses that the spec does not list; not offline then',
    })
}

function dkimCommands(parser: Argv<Global>, io: Io, finish: Finish) {
  const load = () => import('../commands/dkim.js')
  const asIs = (sub: Argv<Global>) => sub
  return parser
    .command('generate', 'make the keys that the spec asks for; never overwrites one', asIs, async ({ config }) =>
      finish((await load()).dkimGenerate({ config }, io)),
    )
    .command(
      'list',
      'the keys there are, those that left the spec too; `mailsync plan` compares them with DNS',
      (sub) => textOrJson(sub),
      async ({ config, format }) => finish((await load()).dkimList({ config, format }, io)),
    )
    .command(
      'check',
      'whether private keys fit their public keys, and nobody else can read them',
      asIs,
      async ({ config }) => finish((await load()).dkimCheck({ config }, io)),
    )
    .demandCommand(1, 'say generate, list or check')
}

function spfCommands(parser: Argv<Global>, io: Io, finish: Finish) {
  return parser
    .command(
      'check [domain]',
      'what receivers make of an address that sends for a domain, term by term, by DNS as it is now',
      spfCheckOptions,
      async (args) => finish((await import('../commands/spf.js')).spfCheck(args, io)),
    )
    .command(
      'refresh',
      'look up what the includes under flatten mean now, and write spf-lock.json',
      (sub) => sub.option('resolver', resolverOption('the resolver to ask')),
      async (args) => finish((await import('../commands/spf-refresh.js')).spfRefresh(args, io)),
    )
    .demandCommand(1, 'say check or refresh')
}

function spfCheckOptions(parser: Argv<Global>) {
  return textOrJson(parser)
    .positional('domain', { type: 'string', describe: 'a domain, or a host’s name; default: every domain of the spec' })
    .option('ip', { type: 'string', describe: 'who sends; default: every sending address of the spec' })
    .option('mail-from', { type: 'string', describe: 'address of MAIL FROM. Default: postmaster of the domain' })
    .option('helo', { type: 'string', describe: 'name the client says in HELO' })
    .option('resolver', resolverOption('the resolver to ask'))
    .example('$0 spf check example.com --ip 192.0.2.10', 'one sender')
}

function providersOptions(parser: Argv<Global>) {
  return textOrJson(parser)
    .option('check', { type: 'boolean', default: false, describe: 'try the credentials of the spec, read-only' })
    .option('resolver', resolverOption('the resolver asked for the delegation'))
    .option('parallel', { type: 'number', default: 8, describe: 'zones tried at the same time', coerce: positive })
    .example(
      '$0 providers --check',
      'served, writable, delegated; exits with 1 where a zone cannot be read or not be written',
    )
}

function completionOptions(parser: Argv<Global>) {
  return parser
    .positional('shell', { choices: SHELLS, describe: 'default: the shell in use' })
    .example('source <($0 completion bash)', 'for this shell; its first line says how for all to come')
}

/** Only what is repeatable may be given twice. */
function onlyOnce(args: Readonly<Record<string, unknown>>): true {
  const twice = Object.keys(args).find(
    (key) =>
      key.length > 1 &&
      Array.isArray(args[key]) &&
      !['zone', 'domain', 'option', 'zone-file', 'zoneFile', 'skip', 'only', 'address', 'mx', 'sends'].includes(key),
  )
  if (twice === undefined) return true
  throw new MailsyncError('usage', `--${twice} is given twice`)
}
