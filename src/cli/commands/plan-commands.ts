import type { Argv } from 'yargs'
import { APPLY_OPTIONS, PLAN_OPTIONS, repeatable } from '../options.js'
import type { Global, Run } from './command.js'

/** What is run every day: `plan`, `apply`, `compile`. */
export function planCommands<T extends Global>(parser: Argv<T>, { io, finish }: Run): Argv<T> {
  return parser
    .command('plan', 'show what would change, and why; write nothing', planOptions, async (args) => {
      const { planCommand } = await import('../../commands/plan/plan.js')
      await finish(planCommand(args, io))
    })
    .command('apply [plan]', 'make DNS as the spec says, or as a saved plan says', applyOptions, async (args) => {
      const { applyCommand } = await import('../../commands/apply/apply.js')
      await finish(applyCommand(args, io))
    })
    .command('compile', 'print the records the spec means, offline', compileOptions, async (args) => {
      const { compileCommand } = await import('../../commands/offline/compile.js')
      await finish(compileCommand(args, io))
    })
}

function planOptions(parser: Argv<Global>) {
  return parser
    .options(PLAN_OPTIONS)
    .example('$0 plan --format html > plan.html', 'a report to look at')
    .example('$0 plan --since origin/main', 'only the zones that a branch changes')
    .example('$0 plan --prove --verify --format html > plan.html', 'with what receivers see now, and will see')
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
