import type { Argv } from 'yargs'
import type { Global, Run } from './command.js'
import { importOptions, initOptions } from './first-spec-options.js'

/** What writes a first spec: `init`, `import`. */
export function firstSpecCommands<T extends Global>(parser: Argv<T>, { io, finish }: Run): Argv<T> {
  return parser
    .command(
      'init [domain]',
      'write a first spec: ask what it needs, and look at DNS; change nothing there',
      initOptions,
      async (args) => {
        const { initCommand } = await import('../../commands/draft/init.js')
        const { lookAtDns } = await import('../../init/look-at-dns.js')
        await finish(initCommand(args, io, args.dns ? lookAtDns({ resolver: args.resolver }, io) : undefined))
      },
    )
    .command(
      'import [domain..]',
      'write a first spec from public DNS, a provider or a zone file; change nothing',
      importOptions,
      async (args) => {
        const { importCommand } = await import('../../commands/draft/import.js')
        await finish(importCommand(args, io))
      },
    )
}
