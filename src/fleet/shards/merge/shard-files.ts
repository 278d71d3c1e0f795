import { MailsyncError } from '../../../../records/error.js'
import type { Plan } from '../../../plan/plan.js'
import { type Problem, unplaced } from '../../../problem.js'
import { count } from '../../../render/words.js'
import { readShard } from '../shard.js'

type Narrowed = NonNullable<Plan['narrowed']>

/** What one shard has saved: a plan, or a report of what is served. */
export interface ShardFile {
  readonly file: string
  /** The spec file, as it was named. */
  readonly spec: string
  readonly narrowed?: Narrowed
}

/** What they are to people, and how one is made. */
export interface Kind {
  readonly word: 'plan' | 'report'
  /** The command of a shard, without its file. */
  readonly command: (shard: string) => string
}

/** @returns what differs between two of one run, and whether its values are told */
export type Differences<Of extends ShardFile> = readonly (readonly [
  what: string,
  of: (one: Of) => string | undefined,
  isTold: boolean,
])[]

/** Shard → the file that it saved. Throws `usage` where one saved none or two, or they are no parts of one run. */
export function assertOneRun<Of extends ShardFile>(
  files: readonly Of[],
  kind: Kind,
  differences: Differences<Of>,
): ReadonlyMap<string, string> {
  const [first, ...others] = files
  const { word } = kind
  if (first === undefined) throw new MailsyncError('usage', `there is no ${word} to merge`, { hint: makeOne(kind) })
  const shards = shardsOf(files, kind)
  for (const other of others)
    for (const [what, of, isTold] of [...OF_ALL, ...differences, MEANING] as Differences<Of>) {
      if (of(first) === of(other)) continue
      const values = isTold ? `: ${of(first)} and ${of(other)}` : ''
      throw new MailsyncError('usage', `${first.file} and ${other.file} are no ${word}s of one run: ${what}${values}`, {
        hint: againHint(kind),
      })
    }
  return shards
}

export const againHint = ({ word }: Kind): string =>
  word === 'plan'
    ? 'plan all shards again, of the same commit and with the same options'
    : 'verify all shards again, of the same commit and with the same options'

const OF_ALL: Differences<ShardFile> = [
  ['other shards', (one) => String(readShard(shardOf(one) ?? '').count), true],
  ['other spec', ({ spec }) => spec, true],
]
const MEANING: Differences<ShardFile>[number] = [
  'the spec or its keys were changed in between',
  ({ narrowed = [] }) => narrowed.flatMap((one) => (one.by === 'shard' ? (one.meaning ?? []) : []))[0],
  false,
]

function makeOne({ command }: Kind): string {
  return `make one a shard: ${command('1/8')}; \`mailsync shards\` names the shards`
}

function shardOf({ narrowed = [] }: ShardFile): string | undefined {
  return narrowed.find(({ by }) => by === 'shard')?.value
}

function shardsOf(files: readonly ShardFile[], kind: Kind): ReadonlyMap<string, string> {
  const { word } = kind
  const shards = new Map<string, string>()
  for (const one of files) {
    const shard = shardOf(one)
    if (shard === undefined)
      throw new MailsyncError('usage', `the ${word} in ${one.file} is not that of a shard`, { hint: makeOne(kind) })
    const before = shards.get(shard)
    if (before !== undefined)
      throw new MailsyncError('usage', `${before} and ${one.file} are both ${word}s of shard ${shard}`, {
        hint: 'give the newer one',
      })
    shards.set(shard, one.file)
  }
  return shards
}

/** The shards of which there is no file. @param zonesIn the shards of so many that have zones: shard → how many */
export function missingShards(
  given: ReadonlyMap<string, string>,
  kind: Kind,
  zonesIn: (count: number) => ReadonlyMap<string, number>,
): Problem[] {
  const [first] = given.keys()
  const { count: shards } = readShard(first as string)
  return [...zonesIn(shards)]
    .filter(([shard]) => !given.has(shard))
    .map(([shard, zones]) =>
      unplaced(
        'shard-missing',
        `the ${kind.word} of shard ${shard} is missing: ${count(zones, 'zone')} ${zones === 1 ? 'was' : 'were'} not looked at`,
        `see why that job failed, run it again (${kind.command(shard)}), and merge again`,
      ),
    )
}
