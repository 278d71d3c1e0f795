import type { Argv } from 'yargs'
import { repeatable } from '../options.js'
import { type Global, type Run, textOrJson } from './command.js'

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
      .command(
        'ramp [files..]',
        'make policies one step stricter where reports show that little fails (dmarc.ramp); writes dmarc-ramp.json, never DNS',
        rampOptions,
        async (args) => finish((await import('../../commands/dmarc/ramp.js')).dmarcRamp(args, io)),
      )
      .demandCommand(1, 'say report or ramp'),
  )
}

const FILES = {
  type: 'string',
  array: true,
  describe:
    'reports (XML, gzip, zip), mail with reports (a message, mbox, Maildir), folders of them, or - for standard input',
} as const

function reportOptions(parser: Argv<Global>) {
  return parser
    .positional('files', { ...FILES, demandOption: true })
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

function rampOptions(parser: Argv<Global>) {
  return textOrJson(parser)
    .positional('files', FILES)
    .option('domain', { alias: 'd', ...repeatable, describe: 'only this domain (repeatable)' })
    .option('back', {
      ...repeatable,
      describe: 'make the policy of this domain one step weaker, whatever reports say (repeatable)',
    })
    .option('dry-run', { type: 'boolean', default: false, describe: 'say which steps are due; change nothing' })
    .example('$0 dmarc ramp reports/ --dry-run', 'what is due, and what the others wait for')
    .example('$0 dmarc ramp --back example.com', 'mail is lost: back to the policy before')
}
