import type { Argv } from 'yargs'
import { PARALLEL, SERVER_FINDER } from '../options.js'
import { type Global, type Run, textOrJson } from './command.js'

/** `tlsa …` */
export function tlsaCommands<T extends Global>(parser: Argv<T>, run: Run): Argv<T> {
  return parser.command('tlsa', 'keys of certificates that senders know by DANE', (sub: Argv<Global>) =>
    subcommands(sub, run),
  )
}

function subcommands(parser: Argv<Global>, { io, finish }: Run) {
  return parser
    .command(
      'status [host]',
      'every key: the name servers that show it, what its server answers with, what comes next and when',
      statusOptions,
      async (args) => finish((await import('../../commands/tlsa/status.js')).tlsaStatus(args, io)),
    )
    .command(
      'roll',
      'publish the key of a renewed certificate, install that once senders know it, take the old key away; for a timer',
      rollOptions,
      async (args) => finish((await import('../../commands/tlsa/roll.js')).tlsaRoll(args, io)),
    )
    .demandCommand(1, 'say status or roll')
}

const CONNECT = {
  type: 'boolean',
  default: true,
  describe: 'ask servers for their certificates; --no-connect does not',
} as const

function statusOptions(parser: Argv<Global>) {
  return textOrJson(parser)
    .positional('host', { type: 'string', describe: 'default: every host with tlsa' })
    .option('connect', CONNECT)
    .option('resolver', SERVER_FINDER)
    .example('$0 tlsa status mail.example.com', 'one host')
}

function rollOptions(parser: Argv<Global>) {
  return textOrJson(parser)
    .option('dry-run', { type: 'boolean', default: false, describe: 'say what is due; change nothing' })
    .option('deploy-hook', {
      type: 'boolean',
      default: false,
      describe: 'certbot, lego or acme.sh runs it: exit with 3 where what was renewed is not installed yet',
    })
    .option('publish', {
      type: 'boolean',
      default: true,
      describe: 'write DNS; --no-publish leaves that to `mailsync apply` elsewhere, by the files that are committed',
    })
    .option('connect', CONNECT)
    .option('resolver', SERVER_FINDER)
    .option('parallel', PARALLEL)
    .example('$0 tlsa roll', 'every due step; run it each hour')
    .example("certbot renew --deploy-hook '$0 tlsa roll --deploy-hook'", 'at each renewal')
}
