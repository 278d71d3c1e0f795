import type { Argv } from 'yargs'
import { repeatable } from '../options.js'
import type { Global, Run } from './command.js'

/** What DMARC reports say of a spec. */
export function dmarcCommands(parser: Argv<Global>, { io, finish }: Run) {
  return parser.command('dmarc', 'read the DMARC reports of receivers', (sub) =>
    sub
      .command(
        'report <files..>',
        'who sends for the domains of the spec, by aggregate reports: what is ours and passes, what fails and why, what is not in the spec',
        reportOptions,
        async (args) => finish((await import('../../commands/dmarc/report.js')).dmarcReport(args, io)),
      )
      .demandCommand(1, 'say report'),
  )
}

const FILES = {
  type: 'string',
  array: true,
  demandOption: true,
  describe:
    'reports (XML, gzip, zip), mail with reports (a message, mbox, Maildir), folders of them, or - for standard input',
} as const

function reportOptions(parser: Argv<Global>) {
  return parser
    .positional('files', FILES)
    .option('domain', { alias: 'd', ...repeatable, describe: 'only reports on this domain (repeatable)' })
    .option('since', { type: 'string', describe: 'only reports that cover this day or one after it, YYYY-MM-DD' })
    .option('until', { type: 'string', describe: 'only reports that cover this day or one before it, YYYY-MM-DD' })
    .option('format', {
      choices: ['text', 'json', 'markdown'] as const,
      default: 'text' as const,
      describe: 'form of what is printed on stdout',
    })
    .example('$0 dmarc report ~/Maildir/.dmarc', 'everything in a mail folder')
    .example('$0 dmarc report reports/ --domain example.com --since 2026-11-01', 'one domain, since a day')
    .example('cat report.xml.gz | $0 dmarc report -', 'one report from a pipe')
}
