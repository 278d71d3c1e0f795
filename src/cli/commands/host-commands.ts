import type { Argv } from 'yargs'
import type { Global, Run } from './command.js'

/** `host-config` */
export function hostCommands<T extends Global>(parser: Argv<T>, { io, finish }: Run): Argv<T> {
  return parser.command(
    'host-config <host>',
    'what the mail server of a host has to know of the spec, as commented lines for its configuration',
    hostConfigOptions,
    async (args) => finish((await import('../../commands/offline/host-config.js')).hostConfig(args, io)),
  )
}

function hostConfigOptions(parser: Argv<Global>) {
  return parser
    .positional('host', { type: 'string', demandOption: true, describe: 'a host of the spec' })
    .option('format', {
      choices: ['postfix', 'sendmail', 'dovecot'] as const,
      demandOption: true,
      describe: 'the server',
    })
    .example('$0 host-config mail.example.com --format postfix', 'lines for main.cf')
}
