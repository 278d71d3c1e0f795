import type { Argv } from 'yargs'
import { SHELLS } from '../completion/scripts.js'
import { positive, resolverOption } from '../options.js'
import { type Global, type Run, textOrJson } from './command.js'
import { conformanceOptions } from './conformance-options.js'

/** What tells of mailsync and its adapters: `providers`, `relays`, `completion`, `conformance`. */
export function aboutCommands<T extends Global>(parser: Argv<T>, { io, finish }: Run): Argv<T> {
  return parser
    .command(
      'providers',
      'the adapters there are; with --check, whether those of the spec can do their work',
      providersOptions,
      async (args) => {
        const { providersCommand } = await import('../../commands/adapters/providers.js')
        await finish(providersCommand(args, io))
      },
    )
    .command(
      'relays [relay]',
      'services that send or receive for a domain, and what each needs; with a name all about one',
      relaysOptions,
      async (args) => {
        const { relaysCommand } = await import('../../commands/offline/relays.js')
        await finish(relaysCommand(args, io))
      },
    )
    .command(
      'completion [shell]',
      'print the script with which bash, zsh or fish completes mailsync',
      completionOptions,
      async (args) => {
        const { completionCommand } = await import('../../commands/completion.js')
        await finish(completionCommand(args, io))
      },
    )
    .command(
      'conformance [adapter]',
      'try an adapter at a zone of your own: what it does right, and what not',
      conformanceOptions,
      async (args) => {
        const { conformanceCommand } = await import('../../commands/adapters/conformance.js')
        await finish(conformanceCommand(args, io))
      },
    )
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

function relaysOptions(parser: Argv<Global>) {
  return textOrJson(parser)
    .positional('relay', { type: 'string', describe: 'its name, as `mailsync relays` lists it' })
    .example('$0 relays', 'those there are, and what has to be told of each')
    .example('$0 relays amazon-ses', 'where its tokens are found, its records, and lines for the spec')
}

function completionOptions(parser: Argv<Global>) {
  return parser
    .positional('shell', { choices: SHELLS, describe: 'default: the shell in use' })
    .example('source <($0 completion bash)', 'for this shell; its first line says how for all to come')
}
