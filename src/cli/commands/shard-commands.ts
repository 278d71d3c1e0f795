import type { Argv } from 'yargs'
import { MailsyncError } from '../../../records/error.js'
import { PHASES } from '../../fleet/shards/phase.js'
import { TELL_OPTIONS } from '../options.js'
import type { Global, Run } from './command.js'

/** A fleet in several processes: `shards`, `merge`. */
export function shardCommands<T extends Global>(parser: Argv<T>, { io, finish }: Run): Argv<T> {
  return parser
    .command(
      'shards [plan]',
      'deal many zones out to several jobs; with a merged plan, those that have something to write',
      shardsOptions,
      async (args) => {
        const { shardsCommand } = await import('../../commands/fleet/shards.js')
        await finish(shardsCommand(args, io))
      },
    )
    .command(
      'merge [plans..]',
      'make one plan of those of all shards, for `apply FILE`; or one report of those of `verify`',
      mergeOptions,
      async (args) => {
        const { mergeCommand } = await import('../../commands/fleet/merge.js')
        await finish(mergeCommand(args, io))
      },
    )
}

function shardsOptions(parser: Argv<Global>) {
  return parser
    .positional('plan', { type: 'string', describe: 'a plan that `mailsync merge` made' })
    .option('count', {
      type: 'number',
      describe: 'how many shards; default: by the zones to be read',
      coerce: whole('count'),
    })
    .option('zones-per-shard', {
      type: 'number',
      describe: 'about how many zones each shard has',
      coerce: whole('zones-per-shard'),
    })
    .option('phase', { choices: PHASES, describe: 'only the shards that `apply --phase` is for' })
    .option('json', { type: 'boolean', default: false, describe: 'print a matrix of GitHub Actions' })
    .example('$0 shards --count 8 --json', 'the matrix of the jobs that plan')
    .example(
      '$0 shards plan.json --count 8 --phase first --json',
      'what of a merged plan has to be written before the rest',
    )
}

function mergeOptions(parser: Argv<Global>) {
  return parser
    .options(TELL_OPTIONS)
    .positional('plans', {
      type: 'string',
      array: true,
      describe: 'what `plan --shard K/N --out FILE` saved; or `verify`',
    })
    .example('$0 merge plan-*.json --out plan.json', 'what all shards would change, as one plan')
}

/** A whole number from 1. */
function whole(option: string): (value: number | undefined) => number | undefined {
  return (value) => {
    if (value === undefined || (Number.isInteger(value) && value > 0)) return value
    throw new MailsyncError('usage', `--${option} takes a whole number from 1`)
  }
}
