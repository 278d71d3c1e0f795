import { mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileError } from '../../../providers/files/file-error.js'
import type { Problem } from '../../problem.js'
import type { Check } from '../../verify/check.js'
import { summaryOf } from '../../verify/render/summary.js'
import { renderVerifyHtml } from '../../verify/render/verify-html.js'
import { renderVerifyJson } from '../../verify/render/verify-json.js'
import { renderVerifyMarkdown } from '../../verify/render/verify-markdown.js'
import { renderVerifyText } from '../../verify/render/verify-text.js'
import { hasFailed, isUnseen, type VerifyReport } from '../../verify/report.js'
import type { Run } from '../run.js'
import type { Outcome } from './outcome.js'

const SEVERITY = { fail: 'error', warn: 'warning', unknown: 'note', pass: 'note' } as const

/** Shows and saves what receivers see, be it looked at here or merged; the step fails where a check does. @param isPart of a shard */
export async function verifiedOutcome(
  report: VerifyReport,
  { problems, isPart }: { readonly problems: readonly Problem[]; readonly isPart: boolean },
  run: Run,
): Promise<Outcome> {
  const { out } = run.io
  out.write(renderVerifyText(report, { colour: out.colour, verbose: false }))
  const { checks, problems: missing = [] } = report
  const failed = hasFailed(report, isPart)
  return {
    ...(failed && { failure: summaryOf(report) }),
    ...(missing.length === 0 && !isUnseen(checks) && { refused: failed }),
    problems: [...problems, ...missing, ...checks.filter(({ verdict }) => verdict !== 'pass').map(problemOf)],
    files: await save(report, run),
    markdown: (limit) => renderVerifyMarkdown(report, limit),
  }
}

function problemOf({ id, verdict, subject, seen, todo }: Check): Problem {
  const message = `${subject.name}: ${seen}`
  return { rule: id, severity: SEVERITY[verdict], message, ...(todo === undefined ? {} : { hint: todo }) }
}

/** As JSON, which `merge` reads, and as a page. Throws `io`. */
async function save(
  report: VerifyReport,
  { io: { redaction }, temporary }: Pick<Run, 'io' | 'temporary'>,
): Promise<NonNullable<Outcome['files']>> {
  const folder = await mkdtemp(join(temporary, 'mailsync-'))
  const files = { verify: join(folder, 'verify.json'), report: join(folder, 'verify.html') }
  try {
    await writeFile(files.verify, redaction.text(renderVerifyJson(report)))
    await writeFile(files.report, redaction.text(renderVerifyHtml(report)))
    return files
  } catch (error) {
    throw fileError(error, folder)
  }
}
