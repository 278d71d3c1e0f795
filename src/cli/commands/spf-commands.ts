import type { Argv } from 'yargs'
import { resolverOption } from '../options.js'
import { type Global, type Run, textOrJson } from './command.js'

/** `spf …` */
export function spfCommands<T extends Global>(parser: Argv<T>, run: Run): Argv<T> {
  return parser.command('spf', 'evaluate SPF as receivers do', (sub: Argv<Global>) => subcommands(sub, run))
}

function subcommands(parser: Argv<Global>, { io, finish }: Run) {
  return parser
    .command(
      'check [domain]',
      'what receivers make of an address that sends for a domain, term by term, by DNS as it is now',
      spfCheckOptions,
      async (args) => finish((await import('../../commands/spf/spf.js')).spfCheck(args, io)),
    )
    .command(
      'refresh',
      'look up what the includes under flatten mean now, and write spf-lock.json',
      (sub) => sub.option('resolver', resolverOption('the resolver to ask')),
      async (args) => finish((await import('../../commands/spf/spf-refresh.js')).spfRefresh(args, io)),
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
