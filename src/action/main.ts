import { notice, setFailed } from '@actions/core'
import { MailsyncError } from '../../records/error.js'
import { bugText } from '../failure.js'
import { inertLines } from '../render/inert-lines.js'
import { annotate } from './annotate.js'
import type { Inputs } from './inputs.js'
import { applyOutcome } from './outcome/apply-outcome.js'
import { checkedOutcome } from './outcome/checked-outcome.js'
import { failedOutcome } from './outcome/failed-outcome.js'
import { mergeOutcome } from './outcome/merge-outcome.js'
import { type Outcome, redactedOutcome } from './outcome/outcome.js'
import { planOutcome } from './outcome/plan-outcome.js'
import { refreshedOutcome } from './outcome/refreshed-outcome.js'
import { rotateOutcome } from './outcome/rotate-outcome.js'
import { shardsOutcome } from './outcome/shards-outcome.js'
import { verifyOutcome } from './outcome/verify-outcome.js'
import { assertOwnFile } from './own-file.js'
import type { Run } from './run.js'
import { tellIssue, tellOutputs, tellProposal, tellPullRequest, tellSummary } from './tell.js'

/** One run of the action: does what the inputs ask, then tells it in every place where people or later steps look. */
export async function main(inputs: Inputs, run: Run): Promise<void> {
  const { redaction } = run.io
  const failed = (error: unknown): Outcome => {
    run.failed(error)
    return failedOutcome(error)
  }
  const outcome = redactedOutcome(await outcomeOf(inputs, run).catch(failed), redaction)
  tellOutputs(outcome)
  annotate(outcome.problems, run.workspace)
  const failures = [
    ...(outcome.failure === undefined ? [] : [outcome.failure]),
    ...(await failureOf(tellSummary(outcome), run)),
    ...(run.io.signal.aborted ? [] : await tellGitHub(outcome, inputs, run)),
  ]
  if (failures.length > 0) setFailed(redaction.text(failures.flatMap(inertLines).join('\n')))
}

async function outcomeOf(inputs: Inputs, run: Run): Promise<Outcome> {
  const { isFork } = run.event
  if (inputs.planFile !== undefined) assertOwnFile(inputs.planFile, run.workspace)
  if (inputs.command === 'shards') return shardsOutcome(inputs, run)
  if (inputs.command === 'merge') return isFork ? checkedOutcome(inputs, run) : mergeOutcome(inputs, run)
  if (inputs.command === 'plan') return isFork ? checkedOutcome(inputs, run) : planOutcome(inputs, run)
  if (inputs.command === 'verify') return isFork ? checkedOutcome(inputs, run) : verifyOutcome(inputs, run)
  if (!isFork && inputs.command === 'apply') return applyOutcome(inputs, run)
  if (!isFork && inputs.command === 'rotate') return rotateOutcome(inputs, run)
  if (!isFork) return refreshedOutcome(inputs, run)
  throw new MailsyncError('guard', 'a pull request from a fork is never applied, and nothing is proposed for it', {
    hint: 'apply it once it is merged, on: push; an event that does not say whose branch it is about counts as one',
  })
}

/** A run that was cancelled, as a newer one does, leaves comment, issue and proposal to that. */
async function tellGitHub(outcome: Outcome, inputs: Inputs, run: Run): Promise<string[]> {
  return [
    ...(await failureOf(tellPullRequest(outcome, inputs, run), run)),
    ...(await failureOf(tellIssue(outcome, inputs, run), run)),
    ...(await failureOf(tellProposal(outcome, inputs, run), run)),
  ]
}

/** Why something could not be told. A fork's token cannot comment, which nobody can change, so that is only worth a notice. */
async function failureOf(telling: Promise<void>, { event }: Run): Promise<string[]> {
  try {
    await telling
    return []
  } catch (error) {
    if (!(error instanceof MailsyncError)) return [bugText(error)]
    if (error.code !== 'permission' || !event.isFork)
      return [error.hint === undefined ? error.message : `${error.message}\n${error.hint}`]
    notice(
      'A pull request from a fork has a token that may not comment; the summary of the run says what would stand there.',
    )
    return []
  }
}
