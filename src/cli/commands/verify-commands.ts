import type { Argv } from 'yargs'
import { repeatable, resolverOption } from '../options.js'
import { type Global, type Run, textOrJson } from './command.js'

/** `verify`: DNS as receivers see it. */
export function verifyCommands<T extends Global>(parser: Argv<T>, { io, finish }: Run): Argv<T> {
  return parser.command(
    'verify [domains..]',
    'ask DNS as receivers do, and say whether it is as the spec says',
    options,
    async (args) => finish((await import('../../commands/verify.js')).verifyCommand(args, io)),
  )
}

function options(parser: Argv<Global>) {
  return textOrJson(parser)
    .positional('domains', { type: 'string', array: true, describe: 'domains of the spec; default: all of them' })
    .option('domain', { alias: 'd', ...repeatable, describe: 'a domain, in the spec or not (repeatable)' })
    .option('resolver', resolverOption('the resolver that finds name servers'))
    .option('verbose', { alias: 'v', type: 'boolean', default: false, describe: 'show what passes, too' })
    .example('$0 verify', 'everything that the spec says')
    .example('$0 verify --domain example.net', 'a domain that is in no spec')
}
