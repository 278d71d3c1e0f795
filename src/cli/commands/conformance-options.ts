import type { Argv } from 'yargs'
import { repeatable, TEXT_OR_JSON } from '../options.js'

/** The options of `mailsync conformance`, and how to use them. */
export function conformanceOptions(parser: Argv<{ config: string }>) {
  return parser
    .option('format', TEXT_OR_JSON)
    .positional('adapter', { type: 'string', describe: 'a class as in a spec: ./my-adapter.js, a package, yaml …' })
    .option('zone', {
      alias: 'z',
      ...repeatable,
      describe: 'a zone at the provider that nobody uses; a reverse zone besides for the cases about PTR (repeatable)',
    })
    .option('address', {
      ...repeatable,
      describe:
        'in place of a zone, at an address owner: an address that nobody sends from, whose PTR is tried (repeatable)',
    })
    .option('name', {
      type: 'string',
      describe:
        'with --address: the PTRs are set to names right below it, which lead to the address if the owner wants that (*.NAME A)',
    })
    .option('option', { ...repeatable, describe: 'KEY=VALUE, an option of the adapter, as in a spec (repeatable)' })
    .option('provider', { type: 'string', describe: 'in place of the adapter: this provider of the spec in --config' })
    .option('beside-other-records', {
      type: 'boolean',
      default: false,
      describe: 'the zone holds records of others: try all below a label of its own, without the apex',
    })
    .option('quick', { type: 'boolean', default: false, describe: 'without the cases that take hundreds of records' })
    .option('only', { ...repeatable, describe: 'only cases with these words in the title (repeatable)' })
    .option('skip', { ...repeatable, describe: 'TITLE=REASON, a case to leave out (repeatable)' })
    .option('timeout', { type: 'number', default: 60, describe: 'seconds that one call of the adapter may take' })
    .example('$0 conformance ./my-adapter.js --zone test.example --option token=env/MY_TOKEN', 'an adapter of your own')
    .example('$0 conformance --provider dns --zone test.example --quick', 'a provider of mailsync.yaml')
    .example('$0 conformance yaml --option directory=./scratch --zone test.example --format json', 'for a machine')
    .example(
      '$0 conformance --provider aws --address 198.51.100.7 --name test.example',
      'an address owner; *.test.example has that address',
    )
    .epilogue(
      'What it writes is below a label mailsync-conformance-…, and at the apex of a zone that was empty. It takes everything away at the end, also after Ctrl-C; what a killed run left is taken away by the next. Exits with 1 where a case failed or something is left, with 3 where the zone is not empty, or the address has a PTR already.',
    )
}
