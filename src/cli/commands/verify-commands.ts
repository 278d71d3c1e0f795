import type { Argv } from 'yargs'
import { IDENTITY, repeatable, resolverOption, SHARD } from '../options.js'
import type { Global, Run } from './command.js'

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
  return parser
    .option('format', {
      choices: ['text', 'json', 'markdown', 'html', 'junit'] as const,
      default: 'text' as const,
      describe: 'form of what is printed on stdout',
    })
    .positional('domains', { type: 'string', array: true, describe: 'domains of the spec; default: all of them' })
    .option('domain', { alias: 'd', ...repeatable, describe: 'a domain, in the spec or not (repeatable)' })
    .option('shard', SHARD)
    .option('out', { alias: 'o', type: 'string', describe: 'save what was found, of a shard for `merge`' })
    .option('resolver', {
      ...repeatable,
      describe: `${resolverOption('the resolver that finds name servers').describe}; further ones are asked what they have (repeatable)`,
    })
    .option('providers', {
      type: 'boolean',
      default: false,
      describe:
        'ask the providers of the spec, with its credentials, which name servers they gave each zone: the parent has to name these',
    })
    .option('smtp', {
      type: 'boolean',
      default: false,
      describe: 'talk to the mail servers: TLS, certificates, relaying; no message is sent',
    })
    .option('blocklists', {
      type: 'boolean',
      default: false,
      describe: 'ask DNS block lists for the sending addresses',
    })
    .option('message', {
      type: 'boolean',
      default: false,
      describe: 'sign a message of each domain of the spec, and judge it from each of its addresses; it is never sent',
    })
    .option('identity', IDENTITY)
    .option('verbose', { alias: 'v', type: 'boolean', default: false, describe: 'show what passes, too' })
    .example('$0 verify', 'everything that the spec says')
    .example('$0 verify --domain example.net', 'a domain that is in no spec')
}
