import { compiledOffline } from '../../compiled-offline.js'
import { inTextOrder, toProblem } from '../../problem.js'
import { problemList } from '../../render/markdown/problem-markdown.js'
import { count } from '../../render/words.js'
import { openSession } from '../../session.js'
import type { Inputs } from '../inputs.js'
import type { Run } from '../run.js'
import type { Outcome } from './outcome.js'

const WHY =
  'What this run is about is not known to be of this repository: it comes from a fork, or the event does not say. So it runs without secrets: DNS was not read, and there is no plan. What the spec means was checked; the plan is made when somebody with access to this repository takes the change over.'

/** For a pull request from a fork: reads, checks and compiles the spec, offline. No adapter is loaded, no secret is looked at. */
export async function checkedOutcome({ config }: Inputs, { io, workspace }: Run): Promise<Outcome> {
  const session = await openSession({ file: config, env: {}, online: false, within: workspace })
  const { zones, findings } = compiledOffline(session)
  const records = [...zones.values()].reduce((sum, list) => sum + list.length, 0)
  const meaning = `The spec is sound. It means ${count(records, 'record')} in ${count(zones.size, 'zone')}.`
  const problems = inTextOrder([...session.problems, ...findings.map((finding) => toProblem(finding, session.locate))])
  io.out.write(`${WHY}\n${meaning}\n`)
  return {
    problems,
    markdown: (limit) => {
      const head = ['### mailsync check', '', `**${meaning}**`, '', `> ${WHY}`, ''].join('\n')
      return `${head}\n${problemList(problems, limit - head.length - 1)}`
    },
  }
}
