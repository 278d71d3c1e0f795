import { getInput } from '@actions/core'
import { MailsyncError } from '../../records/error.js'

const COMMANDS = ['plan', 'apply', 'rotate', 'spf-refresh', 'verify'] as const
type Command = (typeof COMMANDS)[number]

/** What the workflow asks for: the inputs of action.yml. */
export interface Inputs {
  readonly command: Command
  readonly config: string
  readonly workingDirectory: string
  readonly zones: readonly string[]
  /** plan: where to save; apply: what to carry out. */
  readonly planFile: string | undefined
  /** plan, apply: only what differs from this revision of git; `push`: from what was there before the push. */
  readonly since: string | undefined
  /** rotate, spf-refresh, and plan and apply that prove or observe DNS: `address[:port]` or `root`; the runner's own without it. */
  readonly resolver: string | undefined
  /** plan, apply: judge mail as receivers do, by DNS as it is and as it will be. */
  readonly prove: boolean
  /** plan: what receivers see now. */
  readonly verify: boolean
  /** plan, apply: where zones are read first. */
  readonly observe: 'api' | 'dns'
  /** plan, apply: the file that keeps SOA serials from run to run. */
  readonly serials: string | undefined
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
  const named = getInput('command') || 'plan'
  const command = COMMANDS.find((one) => one === named)
  if (command === undefined)
    faults.push(`command is ${JSON.stringify(named)}; this version knows ${COMMANDS.join(', ')}`)
  const observe = getInput('observe') || 'api'
  if (observe !== 'api' && observe !== 'dns')
    faults.push(`observe is ${JSON.stringify(observe)}, which is neither api nor dns`)
  const inputs: Inputs = {
    command: command ?? 'plan',
    config: getInput('config') || 'mailsync.yaml',
    workingDirectory: getInput('working-directory') || '.',
    zones: getInput('zones')
      .split(/[\s,]+/)
      .filter((zone) => zone !== ''),
    planFile: getInput('plan-file') || undefined,
    since: getInput('since') || undefined,
    resolver: getInput('resolver') || undefined,
    prove: flag('prove'),
    verify: flag('verify'),
    observe: observe === 'dns' ? 'dns' : 'api',
    serials: getInput('serials') || undefined,
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

function contradictions(inputs: Inputs): string[] {
  const { command, issue, zones, planFile, since, resolver, prove, verify, observe, serials, comment, token } = inputs
  const isPlanned = command === 'plan' || command === 'apply'
  return [
    ...(command !== 'plan' && issue ? ['issue goes with the command plan'] : []),
    ...(!isPlanned && planFile !== undefined ? ['plan-file goes with the commands plan and apply'] : []),
    ...(!isPlanned && zones.length > 0 ? ['zones goes with the commands plan and apply'] : []),
    ...(!isPlanned && since !== undefined ? ['since goes with the commands plan and apply'] : []),
    ...(issue && since !== undefined
      ? ['issue and since exclude each other, since what others changed is not seen in a zone that is left out']
      : []),
    ...(!isPlanned && prove ? ['prove goes with the commands plan and apply'] : []),
    ...(command !== 'plan' && verify ? ['verify goes with the command plan'] : []),
    ...(isPlanned && !prove && !verify && observe === 'api' && resolver !== undefined
      ? ['resolver goes with prove, verify, observe: dns, and with the commands rotate, spf-refresh and verify']
      : []),
    ...(!isPlanned && observe === 'dns' ? ['observe goes with the commands plan and apply'] : []),
    ...(observe === 'api' && serials !== undefined ? ['serials goes with observe: dns'] : []),
    ...(command === 'apply' && planFile !== undefined && zones.length > 0
      ? ['zones and plan-file exclude each other, since a reviewed plan names its zones']
      : []),
    ...(command === 'apply' && planFile !== undefined && since !== undefined
      ? ['since and plan-file exclude each other, since a reviewed plan names its zones']
      : []),
    ...((comment || issue) && token === '' ? ['github-token is empty, and comment and issue need it'] : []),
    ...(command === 'spf-refresh' && token === '' ? ['github-token is empty, and the pull request needs it'] : []),
  ]
}
