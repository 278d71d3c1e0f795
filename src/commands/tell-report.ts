import type { Io } from '../io.js'
import { print } from '../render/text/print.js'
import type { VerifyReport } from '../verify/report.js'
import { saveText } from './save-text.js'

/** How what receivers see is told. */
export interface TellReport {
  readonly format: 'text' | 'json' | 'markdown' | 'html' | 'junit'
  /** File that it is saved to, for `merge`. */
  readonly out?: string | undefined
  /** What passes, too. */
  readonly verbose: boolean
}

/** Prints a report in the form that is asked for, and saves it where that is asked for. Throws `io`. */
export async function tellReport(report: VerifyReport, { format, out, verbose }: TellReport, io: Io): Promise<void> {
  if (format === 'text') {
    const { renderVerifyText } = await import('../verify/render/verify-text.js')
    print(io.out, renderVerifyText(report, { colour: io.out.colour, verbose }))
  } else io.out.write(await textOf(report, format))
  if (out === undefined) return
  const { renderVerifyJson } = await import('../verify/render/verify-json.js')
  await saveText(out, io.redaction.text(renderVerifyJson(report)))
  print(io.err, `What was found is saved in ${out}.\n`)
}

async function textOf(report: VerifyReport, format: Exclude<TellReport['format'], 'text'>): Promise<string> {
  switch (format) {
    case 'json':
      return (await import('../verify/render/verify-json.js')).renderVerifyJson(report)
    case 'markdown':
      return (await import('../verify/render/verify-markdown.js')).renderVerifyMarkdown(report)
    case 'html':
      return (await import('../verify/render/verify-html.js')).renderVerifyHtml(report)
    case 'junit':
      return (await import('../verify/render/verify-junit.js')).renderVerifyJunit(report)
  }
}
