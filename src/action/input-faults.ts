import { listed } from '../report/words.js'
import type { Command, Inputs } from './inputs.js'

/** The commands that an input of a workflow means something to; to another it is a mistake. */
const GOES_WITH = {
  zones: ['plan', 'apply'],
  shard: ['plan', 'apply', 'verify', 'rotate'],
  shardCount: ['shards'],
  plans: ['merge'],
  reports: ['merge'],
  planFile: ['plan', 'apply', 'shards', 'merge'],
  since: ['plan', 'apply'],
  prove: ['plan', 'apply'],
  verify: ['plan', 'apply'],
  verifyWait: ['apply'],
  wait: ['apply'],
  online: ['plan'],
  observe: ['plan', 'apply'],
  resolver: ['plan', 'apply', 'rotate', 'spf-refresh', 'verify'],
  maxWait: ['plan', 'apply'],
  issue: ['plan', 'merge', 'verify'],
  failOnDrift: ['plan', 'merge'],
  adopt: ['apply'],
  force: ['apply'],
  domains: ['plan', 'apply', 'verify'],
  providers: ['verify'],
  smtp: ['verify'],
  blocklists: ['verify'],
  message: ['verify'],
} as const satisfies Partial<Record<keyof Inputs, readonly Command[]>>

/** What is wrong with inputs that are each read well: sentences without an end. */
export function inputFaults(inputs: Inputs): string[] {
  const { command, zones, domains, planFile, since, comment, issue, token } = inputs
  const isReviewed = command === 'apply' && planFile !== undefined
  return [
    ...strayInputs(inputs),
    ...shardFaults(inputs),
    ...resolverFaults(inputs),
    ...(issue && since !== undefined
      ? ['issue and since exclude each other, since what others changed is not seen in a zone that is left out']
      : []),
    ...(isReviewed && zones.length > 0
      ? ['zones and plan-file exclude each other, since a reviewed plan names its zones']
      : []),
    ...(isReviewed && domains.length > 0
      ? ['domains and plan-file exclude each other, since a reviewed plan is carried out as a whole']
      : []),
    ...(isReviewed && since !== undefined
      ? ['since and plan-file exclude each other, since a reviewed plan names its zones']
      : []),
    ...((comment || issue) && token === '' ? ['github-token is empty, and comment and issue need it'] : []),
    ...(command === 'spf-refresh' && token === '' ? ['github-token is empty, and the pull request needs it'] : []),
  ]
}

function strayInputs(inputs: Inputs): string[] {
  return (Object.keys(GOES_WITH) as (keyof typeof GOES_WITH)[]).flatMap((input) => {
    const commands: readonly Command[] = GOES_WITH[input]
    if (!isGiven(inputs[input]) || commands.includes(inputs.command)) return []
    return [`${yamlName(input)} goes with the command${commands.length > 1 ? 's' : ''} ${listed(commands)}`]
  })
}

function isGiven(value: Inputs[keyof typeof GOES_WITH]): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false && value !== 'api'
}

/** `planFile` → `plan-file` */
function yamlName(input: string): string {
  return input.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

function shardFaults(inputs: Inputs): string[] {
  const { command, zones, domains, shard, phase, plans, reports, planFile, comment, issue } = inputs
  return [
    ...(phase !== undefined && (command !== 'apply' || shard === undefined)
      ? ['phase goes with the command apply and a shard']
      : []),
    ...(command === 'merge' && (plans === undefined) === (reports === undefined)
      ? ['the command merge needs either plans or reports']
      : []),
    ...(reports !== undefined && planFile !== undefined ? ['plan-file goes with plans, and not with reports'] : []),
    ...(command === 'plan' && shard !== undefined && zones.length > 0
      ? ['zones and shard exclude each other, since the plans of all shards are merged']
      : []),
    ...(shard !== undefined && domains.length > 0 ? ['domains and shard exclude each other'] : []),
    ...(shard !== undefined && (comment || issue)
      ? ['a shard keeps no comment and no issue: the command merge does it for all of them']
      : []),
  ]
}

function resolverFaults(inputs: Inputs): string[] {
  const { command, prove, verify, verifyWait, online, observe, resolver, resolvers, serials } = inputs
  return [
    ...(command === 'plan' && !prove && !verify && !online && observe === 'api' && resolver !== undefined
      ? [
          'resolver goes with prove, verify, online, observe: dns, and with the commands apply, rotate, spf-refresh and verify',
        ]
      : []),
    ...(resolvers.length > 1 && command !== 'verify'
      ? ['several resolvers go with the command verify, which compares their answers']
      : []),
    ...(verifyWait !== undefined && !verify ? ['verify-wait goes with verify'] : []),
    ...(observe === 'api' && serials !== undefined ? ['serials goes with observe: dns'] : []),
  ]
}
