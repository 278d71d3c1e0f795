import { getInput } from '@actions/core'
import { MailsyncError } from '../../records/error.js'

/** What the workflow asks for: the inputs of action.yml. */
export interface Inputs {
  readonly command: 'plan' | 'apply'
  readonly config: string
  readonly workingDirectory: string
  readonly zones: readonly string[]
  /** plan: where to save; apply: what to carry out. */
  readonly planFile: string | undefined
  readonly comment: boolean
  readonly issue: boolean
  readonly failOnDrift: boolean
  readonly adopt: boolean
  readonly force: boolean
  /** Empty where the workflow takes it away. */
  readonly token: string
}

/** Reads the inputs from the runner's `INPUT_…` variables. Throws `usage` with everything that is wrong with them. */
export function readInputs(): Inputs {
  const faults: string[] = []
  const flag = (name: string): boolean => {
    const text = getInput(name).toLowerCase()
    if (!['', 'true', 'false'].includes(text))
      faults.push(`${name} is ${JSON.stringify(text)}, which is neither true nor false`)
    return text === 'true'
  }
  const command = getInput('command') || 'plan'
  if (command !== 'plan' && command !== 'apply')
    faults.push(`command is ${JSON.stringify(command)}; this version knows plan and apply`)
  const inputs: Inputs = {
    command: command === 'apply' ? 'apply' : 'plan',
    config: getInput('config') || 'mailsync.yaml',
    workingDirectory: getInput('working-directory') || '.',
    zones: getInput('zones')
      .split(/[\s,]+/)
      .filter((zone) => zone !== ''),
    planFile: getInput('plan-file') || undefined,
    comment: flag('comment'),
    issue: flag('issue'),
    failOnDrift: flag('fail-on-drift'),
    adopt: flag('adopt'),
    force: flag('force'),
    token: getInput('github-token'),
  }
  faults.push(...contradictions(inputs))
  if (faults.length === 0) return inputs
  throw new MailsyncError('usage', `inputs of the action: ${faults.join('; ')}`, {
    hint: 'correct them below `with:` in the workflow',
  })
}

function contradictions({ command, issue, zones, planFile, comment, token }: Inputs): string[] {
  return [
    ...(command === 'apply' && issue ? ['issue goes with the command plan'] : []),
    ...(command === 'apply' && planFile !== undefined && zones.length > 0
      ? ['zones and plan-file exclude each other, since a reviewed plan names its zones']
      : []),
    ...((comment || issue) && token === '' ? ['github-token is empty, and comment and issue need it'] : []),
  ]
}
