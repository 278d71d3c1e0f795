import { relative, resolve, sep } from 'node:path'
import { setOutput, summary } from '@actions/core'
import { MailsyncError } from '../../records/error.js'
import type { Phase } from '../fleet/shards/phase.js'
import { codeSpan, markdownComment } from '../render/markdown/markdown.js'
import { keepComment } from './github/comment.js'
import { closeDriftIssue, openDriftIssue } from './github/drift-issue.js'
import { connectGitHub } from './github/github.js'
import { propose } from './github/propose.js'
import type { Inputs } from './inputs.js'
import type { Outcome } from './outcome/outcome.js'
import type { Run } from './run.js'

/** GitHub takes 65,536 characters in a comment or an issue. */
const BODY_LIMIT = 65_000
/** It takes 1 MiB in a step's summary, and nobody reads so much. */
const SUMMARY_LIMIT = 250_000

/** What later steps can use. */
export function tellOutputs({ counts, drift, files, shards }: Outcome): void {
  const total = counts && counts.create + counts.update + counts.delete
  setOutput('changes', total ?? '')
  setOutput('creates', counts?.create ?? '')
  setOutput('updates', counts?.update ?? '')
  setOutput('deletes', counts?.delete ?? '')
  setOutput('drift', drift ?? '')
  setOutput('plan-path', files?.plan ?? '')
  setOutput('report-path', files?.report ?? '')
  setOutput('verify-path', files?.verify ?? '')
  const matrixOf = (phase: Phase): string => (shards?.[phase].include.length ? JSON.stringify(shards[phase]) : '')
  setOutput('shards', matrixOf('rest'))
  setOutput('shards-first', matrixOf('first'))
  setOutput('shards-last', matrixOf('last'))
}

/** The page of the run. */
export async function tellSummary(outcome: Outcome): Promise<void> {
  await summary.addRaw(outcome.markdown(SUMMARY_LIMIT), true).write()
}

/** The comment on the pull request, where the workflow asks for it and there is one. */
export async function tellPullRequest(outcome: Outcome, inputs: Inputs, run: Run): Promise<void> {
  const { repository, pullRequest } = run.event
  if (!inputs.comment) return
  if (!pullRequest) return run.io.out.write('No comment: this run is not about a pull request.\n')
  const marker = markerOf('comment', inputs, run)
  const body = bodyOf(outcome, marker, run)
  await keepComment(connectGitHub(inputs.token), { ...repository, issue_number: pullRequest.number }, { marker, body })
}

/** The issue about the drift, or about what receivers refuse, where the workflow asks for it. A run that could not tell leaves it as it is. */
export async function tellIssue(outcome: Outcome, inputs: Inputs, run: Run): Promise<void> {
  const { repository, pullRequest, runUrl } = run.event
  const isAmiss = outcome.drift ?? outcome.refused
  if (!inputs.issue || isAmiss === undefined) return
  if (pullRequest) return run.io.out.write('No issue: what a pull request would change is no drift.\n')
  const github = connectGitHub(inputs.token)
  const marker = markerOf('drift', inputs, run)
  const { title, again, advice } = outcome.drift === undefined ? REFUSED : DRIFT
  if (!isAmiss) return closeDriftIssue(github, repository, { marker, reason: `${again} ([run](${runUrl})).` })
  const body = bodyOf(outcome, marker, run, advice)
  await openDriftIssue(github, repository, { marker, title: title(specOf(inputs, run)), body })
}

/** The pull request with what is to be committed. */
export async function tellProposal(outcome: Outcome, { token }: Inputs, run: Run): Promise<void> {
  const { proposal } = outcome
  const { repository, branch, runUrl } = run.event
  if (!proposal) return
  if (branch === undefined)
    throw new MailsyncError('usage', 'this run is on no branch, so it proposes nothing', {
      hint: 'start it on a schedule, by hand, or on: push',
    })
  const foot = `\n<sub>[this run](${runUrl})</sub>\n`
  const files = new Map([...proposal.files].map(([file, text]) => [inRepository(file, run), text]))
  const body = `${outcome.markdown(BODY_LIMIT - foot.length)}${foot}`
  await propose(connectGitHub(token), { ...repository, base: branch }, { ...proposal, files }, body)
}

const DRIFT = {
  title: (spec: string) => `Mail DNS is not as ${spec} says`,
  again: 'DNS is as the spec says again',
  advice:
    'Either someone changed DNS by hand, or a change of the spec was not applied. To make DNS as the spec says, run `apply`; to keep what DNS holds, write it into the spec. This issue closes by itself.\n\n',
} as const

const REFUSED = {
  title: (spec: string) => `Checks of the mail DNS of ${spec} fail`,
  again: 'No check fails any more',
  advice:
    'As receivers see it, DNS is not as the spec says, or they would refuse mail or lose it. Each line says what to do. This issue closes by itself.\n\n',
} as const

function bodyOf(outcome: Outcome, marker: string, { event }: Run, before = ''): string {
  const { pullRequest, runUrl } = event
  const commit = pullRequest && pullRequest.headSha !== '' ? `${codeSpan(pullRequest.headSha.slice(0, 7))}, ` : ''
  const head = `${markdownComment(marker)}\n${before}`
  const foot = `\n<sub>${commit}[this run](${runUrl})</sub>\n`
  return `${head}${outcome.markdown(BODY_LIMIT - head.length - foot.length)}${foot}`
}

/** Two specs in one repository, or one in parts, have a comment and an issue each; so has what receivers see. */
function markerOf(kind: 'comment' | 'drift', inputs: Inputs, run: Run): string {
  const { command, reports, zones, domains } = inputs
  const word = command === 'verify' || reports !== undefined ? `verify-${kind}` : kind
  const limits = [...[...zones].sort(), ...(domains.length > 0 ? ['domains', ...[...domains].sort()] : [])]
  return ['mailsync', word, specOf(inputs, run), ...limits].join(' ')
}

/** The spec as it is named in the repository. */
function specOf({ config }: Inputs, run: Run): string {
  return inRepository(config, run)
}

function inRepository(file: string, { workspace }: Run): string {
  return relative(workspace, resolve(file)).replaceAll(sep, '/')
}
