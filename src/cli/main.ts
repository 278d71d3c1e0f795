import yargs, { type Argv } from 'yargs'
import { MailsyncError } from '../../records/error.js'
import { renderError } from '../render/error-text.js'
import { renderProblems } from '../render/problems-text.js'
import { SpecErrors } from '../session.js'
import type { ExitCode, Io } from './io.js'
import { version } from './version.js'

/** Runs one command line. Never throws: what goes wrong is told on stderr and in the exit code. */
export async function main(argv: readonly string[], io: Io): Promise<ExitCode> {
  try {
    return await run(argv, io)
  } catch (error) {
    return tell(error, io)
  }
}

function tell(error: unknown, { err }: Io): ExitCode {
  if (error instanceof SpecErrors) {
    err.write(renderProblems(error.problems, { colour: err.colour }))
    err.write('Nothing was changed.\n')
    return 1
  }
  if (error instanceof MailsyncError) {
    err.write(renderError(error, { colour: err.colour }))
    return error.code === 'guard' || error.code === 'stale' ? 3 : 1
  }
  err.write(
    `${error instanceof Error ? error.stack : String(error)}\nThis is a bug in mailsync; please report it with the lines above.\n`,
  )
  return 70
}

async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = 0
  let failure: unknown
  const finish = (pending: Promise<ExitCode>): Promise<void> =>
    pending.then(
      (done) => {
        code = done
      },
      (error: unknown) => {
        failure = error
      },
    )
  const parser = describe(yargs([...argv]), io, finish)
    .wrap(Math.min(io.err.columns, 110))
    .exitProcess(false)
    .fail((message, error) => {
      failure =
        error ?? new MailsyncError('usage', message, { hint: 'mailsync --help shows the commands and their options' })
    })
  await parser.parseAsync([...argv], {}, (_error, _argv, output) => {
    if (output !== '') (failure === undefined ? io.out : io.err).write(`${output}\n`)
  })
  if (failure !== undefined) throw failure
  return code
}

type Finish = (pending: Promise<ExitCode>) => Promise<void>

function describe(parser: Argv, io: Io, finish: Finish): Argv {
  return parser
    .scriptName('mailsync')
    .usage('$0 <command>\n\nMail DNS as code: one YAML file becomes A, AAAA, MX, PTR, SPF, DKIM and DMARC records.')
    .version(version)
    .alias('help', 'h')
    .option('config', { alias: 'c', type: 'string', default: 'mailsync.yaml', describe: 'the spec', global: true })
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
    .example('$0 plan', 'what would change in DNS')
    .example('$0 plan --out plan.json && $0 apply plan.json', 'apply exactly what was reviewed')
    .example('$0 apply --yes --zone example.com', 'one zone, without asking')
    .example('$0 compile --format zone --zone example.com', 'a zone file, offline')
    .epilogue(
      'Exit codes: 0 done or nothing to do, 1 error, 2 changes are pending (plan --detailed-exitcode), 3 a guard refused, 70 a bug.',
    )
    .demandCommand(1, 'a command is missing')
    .recommendCommands()
    .strict()
}

function runOptions<T>(parser: Argv<T>) {
  return parser
    .option('zone', {
      alias: 'z',
      type: 'string',
      array: true,
      default: [] as string[],
      describe: 'only this zone (repeatable)',
    })
    .option('domain', {
      alias: 'd',
      type: 'string',
      array: true,
      default: [] as string[],
      describe: 'only this mail domain and its hosts; deletes nothing (repeatable)',
    })
    .option('parallel', {
      type: 'number',
      default: 8,
      describe: 'zones read or written at the same time',
      coerce: positive,
    })
    .option('config', { type: 'string', default: 'mailsync.yaml', hidden: true })
}

function planOptions(parser: Argv) {
  return runOptions(parser)
    .option('format', {
      choices: ['text', 'json', 'markdown', 'html'] as const,
      default: 'text' as const,
      describe: 'form of the plan on stdout',
    })
    .option('out', { alias: 'o', type: 'string', describe: 'save the plan for `apply FILE`' })
    .option('detailed-exitcode', { type: 'boolean', default: false, describe: 'exit with 2 when changes are pending' })
    .example('$0 plan --format html > plan.html', 'a report to look at')
}

function applyOptions(parser: Argv) {
  return runOptions(parser)
    .positional('plan', { type: 'string', describe: 'a plan saved with `plan --out`; refused when stale' })
    .option('yes', { alias: 'y', type: 'boolean', default: false, describe: 'do not ask' })
    .option('adopt', { type: 'boolean', default: false, describe: 'replace values that mailsync did not write' })
    .option('force', { type: 'boolean', default: false, describe: 'delete more than 30 % of what is owned in a zone' })
    .option('wait', {
      type: 'boolean',
      default: false,
      describe: 'wait until the provider’s name servers answer with it (Route 53)',
    })
    .option('format', {
      choices: ['text', 'json'] as const,
      default: 'text' as const,
      describe: 'form of the result on stdout',
    })
    .example('$0 apply plan.json --yes', 'what was reviewed, exactly')
}

function compileOptions(parser: Argv) {
  return parser
    .option('zone', {
      alias: 'z',
      type: 'string',
      array: true,
      default: [] as string[],
      describe: 'only this zone (repeatable)',
    })
    .option('format', {
      choices: ['zone', 'yaml', 'json'] as const,
      default: 'zone' as const,
      describe: 'zone file, octoDNS YAML, or JSON',
    })
    .option('out', { alias: 'o', type: 'string', describe: 'write a file a zone into this folder' })
    .option('config', { type: 'string', default: 'mailsync.yaml', hidden: true })
}

function dkimCommands(parser: Argv, io: Io, finish: Finish): Argv {
  const config = <T>(sub: Argv<T>) => sub.option('config', { type: 'string', default: 'mailsync.yaml', hidden: true })
  const load = () => import('../commands/dkim.js')
  return parser
    .command('generate', 'make the keys that the spec asks for; never overwrites one', config, async (args) =>
      finish((await load()).dkimGenerate(args, io)),
    )
    .command('list', 'the keys there are', config, async (args) => finish((await load()).dkimList(args, io)))
    .command(
      'check',
      'whether private keys fit their public keys, and nobody else can read them',
      config,
      async (args) => finish((await load()).dkimCheck(args, io)),
    )
    .demandCommand(1, 'say generate, list or check')
}

function providersOptions(parser: Argv) {
  return parser
    .option('check', { type: 'boolean', default: false, describe: 'try the credentials of the spec, read-only' })
    .option('resolver', {
      type: 'string',
      describe: 'address[:port] of the resolver asked for the delegation; default: the system’s',
    })
    .option('parallel', { type: 'number', default: 8, describe: 'zones tried at the same time', coerce: positive })
    .option('config', { type: 'string', default: 'mailsync.yaml', hidden: true })
    .example('$0 providers --check', 'served, writable, delegated: a line each zone')
}

function positive(value: number): number {
  if (Number.isInteger(value) && value > 0) return value
  throw new MailsyncError('usage', '--parallel takes a whole number from 1')
}
