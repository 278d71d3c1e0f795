import type { Argv } from 'yargs'
import { SIGNERS } from '../../dkim/hand-over/signers.js'
import { IDENTITY, PARALLEL, repeatable, SERVER_FINDER, SHARD } from '../options.js'
import { type Global, type Run, textOrJson } from './command.js'

/** `dkim …` */
export function dkimCommands<T extends Global>(parser: Argv<T>, run: Run): Argv<T> {
  return parser.command('dkim', 'make and look after DKIM keys', (sub: Argv<Global>) => subcommands(sub, run))
}

function subcommands(parser: Argv<Global>, { io, finish }: Run) {
  const load = () => import('../../commands/dkim/keys.js')
  const asIs = (sub: Argv<Global>) => sub
  return parser
    .command('generate', 'make the keys that the spec asks for; never overwrites one', asIs, async ({ config }) =>
      finish((await load()).dkimGenerate({ config }, io)),
    )
    .command(
      'list',
      'the keys there are, those that left the spec too; `mailsync plan` compares them with DNS',
      (sub) => textOrJson(sub),
      async ({ config, format }) => finish((await load()).dkimList({ config, format }, io)),
    )
    .command(
      'check',
      'whether private keys fit their public keys, and nobody else can read them',
      (sub) => sub.option('identity', IDENTITY),
      async ({ config, identity }) => finish((await load()).dkimCheck({ config, identity }, io)),
    )
    .command(
      'status [domain]',
      'every key: its state, the servers that show it, what comes next and when',
      dkimStatusOptions,
      async (args) => finish((await import('../../commands/dkim/status.js')).dkimStatus(args, io)),
    )
    .command(
      'use <names..>',
      'say that a key signs from now on: SELECTOR, or DOMAIN SELECTOR; the one before it retires',
      dkimUseOptions,
      async (args) => finish((await import('../../commands/dkim/use.js')).dkimUse(args, io)),
    )
    .command(
      'rotate',
      'take every step that is due: make keys, publish them, have them sign, revoke old ones; for a schedule',
      dkimRotateOptions,
      async (args) => finish((await import('../../commands/dkim/rotate.js')).dkimRotate(args, io)),
    )
    .command(
      'import <domain> <files..>',
      'take over a key that was made elsewhere, with its selector and tags',
      dkimImportOptions,
      async (args) => finish((await import('../../commands/dkim/import.js')).dkimImport(args, io)),
    )
    .command(
      'export',
      'the files with which a signer signs with the keys that sign now: private keys, and the tables that name them',
      dkimExportOptions,
      async (args) => finish((await import('../../commands/dkim/export.js')).dkimExport(args, io)),
    )
    .demandCommand(1, 'say which: mailsync dkim --help lists them')
}

function dkimStatusOptions(parser: Argv<Global>) {
  return textOrJson(parser)
    .positional('domain', { type: 'string', describe: 'default: every domain that signs' })
    .option('all', { type: 'boolean', default: false, describe: 'keys that are gone too' })
    .option('shard', SHARD)
    .option('resolver', SERVER_FINDER)
    .option('parallel', PARALLEL)
    .example('$0 dkim status example.com', 'one domain')
}

function dkimUseOptions(parser: Argv<Global>) {
  return parser
    .positional('names', { type: 'string', array: true, demandOption: true, describe: '[DOMAIN] SELECTOR' })
    .option('force', { type: 'boolean', default: false, describe: 'the signer uses it already, whatever DNS shows' })
    .option('resolver', SERVER_FINDER)
    .example('$0 dkim use example.com s202611', 'once your signer has the key')
}

function dkimRotateOptions(parser: Argv<Global>) {
  return textOrJson(parser)
    .option('dry-run', { type: 'boolean', default: false, describe: 'say what is due; change nothing' })
    .option('now', {
      ...repeatable,
      describe:
        'this domain’s private keys may be in other hands: new ones at once, and the old ones revoked (repeatable)',
    })
    .option('shard', SHARD)
    .option('identity', IDENTITY)
    .option('resolver', SERVER_FINDER)
    .option('parallel', PARALLEL)
    .example('$0 dkim rotate --dry-run', 'what is due')
    .example('$0 dkim rotate --now example.com', 'a private key leaked')
}

function dkimImportOptions(parser: Argv<Global>) {
  return parser
    .positional('domain', { type: 'string', demandOption: true, describe: 'a domain of the spec' })
    .positional('files', {
      type: 'string',
      array: true,
      demandOption: true,
      describe: 'the private key (PEM, or encrypted by age), and the record that was made with it',
    })
    .option('selector', { type: 'string', describe: 'default: as the record says' })
    .option('signing', { type: 'boolean', default: false, describe: 'a signer uses it already' })
    .option('identity', IDENTITY)
    .option('resolver', SERVER_FINDER)
    .example('$0 dkim import example.com mail.private mail.txt --signing', 'a pair of opendkim-genkey')
}

function dkimExportOptions(parser: Argv<Global>) {
  return parser
    .option('format', { choices: SIGNERS, demandOption: true, describe: 'the signer' })
    .option('out', { alias: 'o', type: 'string', describe: 'write the files into this folder; default: list them' })
    .option('at', { type: 'string', describe: 'where the signer finds that folder, if it is not there' })
    .option('domain', { alias: 'd', ...repeatable, describe: 'only the keys of this domain (repeatable)' })
    .option('identity', IDENTITY)
    .example('$0 dkim export --format rspamd', 'what would be written, and its owner and mode')
    .example('$0 dkim export --format opendkim --out /etc/opendkim', 'on the mail host, as root')
}
