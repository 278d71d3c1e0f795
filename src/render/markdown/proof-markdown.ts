import type { Plan } from '../../plan/plan.js'
import { PROOF_TITLE, proofView } from '../plan/proof-view.js'
import { count } from '../words.js'
import { fitting } from './fitting.js'
import { codeSpan, markdownSentence, tableRow } from './markdown.js'

/** A table of mailings with what receivers make of them, of at most `room` characters; empty where the plan was not proven. */
export function proofMarkdown(proof: Plan['proof'], room: number): string {
  if (proof === undefined) return ''
  const { head, rows, notes } = proofView(proof)
  const lines = rows.map(({ domain, from, cells, whys }) => {
    const told = whys.map((why) => `<br>${markdownSentence(why)}`).join('')
    return tableRow([codeSpan(domain) + told, codeSpan(from), ...cells.map(({ text }) => text)])
  })
  const shown = fitting(lines, room, (line) => line.length + 1)
  const left = lines.length - shown.length
  const table = [tableRow(head), tableRow(head.map(() => '---')), ...shown]
  return [
    `#### ${PROOF_TITLE}`,
    '',
    ...(shown.length === 0 ? [] : [...table, '']),
    ...notes.map((note) => `- ${markdownSentence(note)}`),
    ...(left > 0 ? [`- ${count(left, 'row')} had no room here`] : []),
    '',
    '',
  ].join('\n')
}
