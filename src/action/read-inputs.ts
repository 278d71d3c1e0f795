import { getInput } from '@actions/core'
import { quoted } from '../../records/cut.js'
import { MailsyncError } from '../../records/error.js'
import { PHASES } from '../fleet/shards/phase.js'
import { MOST_SHARDS } from '../fleet/shards/shard.js'
import { secondsIn } from '../watch/watch-options.js'
import { inputFaults } from './input-faults.js'
import { COMMANDS, type Inputs } from './inputs.js'

/** Reads the inputs from the runner's `INPUT_…` variables. Throws `usage` with everything that is wrong with them. */
export function readInputs(): Inputs {
  const faults: string[] = []
  const flag = (name: string): boolean => {
    const text = getInput(name).toLowerCase()
    if (!['', 'true', 'false'].includes(text))
      faults.push(`${name} is ${quoted(text)}, which is neither true nor false`)
    return text === 'true'
  }
  const words = (name: string): string[] =>
    getInput(name)
      .split(/[\s,]+/)
      .filter((word) => word !== '')
  const named = getInput('command') || 'plan'
  const command = COMMANDS.find((one) => one === named)
  if (command === undefined) faults.push(`command is ${quoted(named)}; this version knows ${COMMANDS.join(', ')}`)
  const phaseName = getInput('phase')
  const phase = PHASES.find((one) => one === phaseName)
  if (phaseName !== '' && phase === undefined)
    faults.push(`phase is ${quoted(phaseName)}, and it is one of ${PHASES.join(', ')}`)
  const countText = getInput('shard-count')
  if (!/^(?:[1-9]\d{0,2})?$/.test(countText) || Number(countText) > MOST_SHARDS)
    faults.push(`shard-count is ${quoted(countText)}, and it is a number from 1 to ${MOST_SHARDS}`)
  const observe = getInput('observe') || 'api'
  if (observe !== 'api' && observe !== 'dns') faults.push(`observe is ${quoted(observe)}, which is neither api nor dns`)
  const log = getInput('log')
  if (log !== '' && log !== 'json') faults.push(`log is ${quoted(log)}, and it is json or nothing`)
  const time = (name: string): number | undefined => {
    const text = getInput(name)
    const found = text === '' ? undefined : secondsIn(text)
    if (text !== '' && found === undefined)
      faults.push(`${name} is ${quoted(text)}, and it is a time such as 90s, 30m or 4h`)
    return found
  }
  const parallel = getInput('parallel') || '8'
  if (!/^[1-9]\d{0,3}$/.test(parallel))
    faults.push(`parallel is ${quoted(parallel)}, and it is a whole number from 1 to 9999`)
  const resolvers = words('resolver')
  const inputs: Inputs = {
    command: command ?? 'plan',
    config: getInput('config') || 'mailsync.yaml',
    workingDirectory: getInput('working-directory') || '.',
    zones: words('zones'),
    shard: getInput('shard') || undefined,
    phase,
    shardCount: countText === '' ? undefined : Number(countText),
    plans: getInput('plans') || undefined,
    reports: getInput('reports') || undefined,
    planFile: getInput('plan-file') || undefined,
    since: getInput('since') || undefined,
    resolver: resolvers[0],
    resolvers,
    prove: flag('prove'),
    verify: flag('verify'),
    verifyWait: time('verify-wait'),
    wait: flag('wait'),
    online: flag('online'),
    parallel: Number(parallel),
    domains: words('domains'),
    providers: flag('providers'),
    smtp: flag('smtp'),
    blocklists: flag('blocklists'),
    message: flag('message'),
    observe: observe === 'dns' ? 'dns' : 'api',
    serials: getInput('serials') || undefined,
    isJsonLog: log === 'json',
    metrics: getInput('metrics') || undefined,
    maxWait: time('max-wait'),
    comment: flag('comment'),
    issue: flag('issue'),
    failOnDrift: flag('fail-on-drift'),
    adopt: flag('adopt'),
    force: flag('force'),
    token: getInput('github-token'),
  }
  faults.push(...inputFaults(inputs))
  if (faults.length === 0) return inputs
  throw new MailsyncError('usage', `inputs of the action: ${faults.join('; ')}`, {
    hint: 'correct them below `with:` in the workflow',
  })
}
