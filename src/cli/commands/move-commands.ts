import type { Argv } from 'yargs'
import { PARALLEL, SERVER_FINDER } from '../options.js'
import { type Global, type Run, textOrJson } from './command.js'

/** `move …` */
export function moveCommands<T extends Global>(parser: Argv<T>, run: Run): Argv<T> {
  return parser.command('move', 'move to another host or provider in safe steps, and back', (sub: Argv<Global>) =>
    subcommands(sub, run),
  )
}

function subcommands(parser: Argv<Global>, { io, finish }: Run) {
  return parser
    .command('start', 'begin a move to another spec; nothing is changed in DNS yet', startOptions, async (args) =>
      finish((await import('../../commands/move/start.js')).moveStart(args, io)),
    )
    .command(
      'status',
      'where the move is, what it waits for and until when, and what has to be kept running',
      (sub) => textOrJson(sub).option('resolver', SERVER_FINDER),
      async (args) => finish((await import('../../commands/move/status.js')).moveStatus(args, io)),
    )
    .command('plan', 'what the next stage will change; write nothing', planOptions, async (args) =>
      finish((await import('../../commands/move/plan.js')).movePlan(args, io)),
    )
    .command(
      'next',
      'make DNS as the stage says, and begin the next stage where that is due; for a schedule, with --yes',
      nextOptions,
      async (args) => finish((await import('../../commands/move/next.js')).moveNext(args, io)),
    )
    .command(
      'abort',
      'go back to the old spec, in steps as safe; `move next` takes them',
      (sub) => textOrJson(sub).option('resolver', SERVER_FINDER),
      async (args) => finish((await import('../../commands/move/abort.js')).moveAbort(args, io)),
    )
    .demandCommand(1, 'say which: mailsync move --help lists them')
}

function startOptions(parser: Argv<Global>) {
  return textOrJson(parser)
    .option('to', {
      type: 'string',
      demandOption: true,
      describe: 'the spec as it is to be in the end, beside the one of now',
    })
    .option('ttl', { type: 'string', default: '5m', describe: 'TTL of what moves, until the move is over' })
    .option('drain', {
      type: 'string',
      default: '7d',
      describe: 'how long the old host and its keys stay for mail that is on its way',
    })
    .option('resolver', SERVER_FINDER)
    .example('$0 move start --to new.yaml', 'mailsync.yaml is to become new.yaml')
}

function planOptions(parser: Argv<Global>) {
  return parser
    .option('format', {
      choices: ['text', 'json', 'markdown'] as const,
      default: 'text' as const,
      describe: 'form of the plan on stdout',
    })
    .option('parallel', PARALLEL)
    .option('resolver', SERVER_FINDER)
}

function nextOptions(parser: Argv<Global>) {
  return textOrJson(parser)
    .option('yes', { alias: 'y', type: 'boolean', default: false, describe: 'do not ask' })
    .option('adopt', { type: 'boolean', default: false, describe: 'replace values that mailsync did not write' })
    .option('force', { type: 'boolean', default: false, describe: 'delete much that does not move, too' })
    .option('delegated', {
      type: 'boolean',
      default: false,
      describe: 'the zones are delegated to their new provider, where mailsync cannot see that',
    })
    .option('policies', {
      type: 'boolean',
      default: false,
      describe: 'the MTA-STS policies that `compile --out` writes are in place',
    })
    .option('parallel', PARALLEL)
    .option('resolver', SERVER_FINDER)
    .example('$0 move next --yes', 'every hour, by a schedule that commits move.json')
}
