import { count } from '../../render/words.js'
import { html } from '../../report/html/html.js'
import { page } from '../../report/page.js'
import { countVerdicts, type VerifyReport } from '../report.js'
import { verifySection } from './verify-section.js'

/** A page of its own, which loads nothing: what large receivers would do, and all checks, worst first. */
export function renderVerifyHtml(report: VerifyReport): string {
  const { fail, unknown, warn } = countVerdicts(report.checks)
  const title =
    fail > 0
      ? count(fail, 'check fails', 'checks fail')
      : unknown > 0
        ? count(unknown, 'check could not be made', 'checks could not be made')
        : warn > 0
          ? `${count(warn, 'check')} to look at`
          : 'All checks pass'
  return page({
    title: `${title} · mailsync verify`,
    made: html`Made by <code>mailsync verify --format html</code>, which asks as a receiver of mail would, and writes nothing.`,
    header: html`<header class="summary"><p class="eyebrow">mailsync verify</p>
<h1>${title}</h1></header>
`,
    sections: [verifySection('What receivers see', report)],
  })
}
