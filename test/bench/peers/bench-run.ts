import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { median } from '../measure.js'
import { measuredRun, type Run } from './measured-run.js'
import type { Peer } from './peer.js'
import type { Row } from './rows.js'
import type { Target } from './target.js'
import type { BenchZone } from './zones.js'

export interface Bench {
  /** How its rows are called: `1000 zones on BIND 9`. */
  readonly title: string
  readonly zones: readonly BenchZone[]
  readonly target: Target
  /** How often the plan is measured. */
  readonly runs: number
  readonly env?: Readonly<Record<string, string>>
  /** How many calls came since it was asked last. */
  readonly takeCalls?: () => number
  /** What the target lacks of the zones that should be there now; undefined where nothing is missing. */
  readonly missing?: (folder: string) => Promise<string | undefined>
}

/** The first apply of one tool, once, as no other is like it; then plans of zones that are as they should be. */
export async function benchPeer(peer: Peer, bench: Bench, below: string): Promise<Row[]> {
  const { title, zones, target, runs, env = {}, takeCalls = () => undefined } = bench
  const row = (what: string, result: Row['result'], calls?: number): Row => ({
    what: `${what}, ${title}`,
    peer: peer.name,
    result,
    calls,
  })
  const refusal = peer.refuses(target.kind)
  if (refusal !== undefined) return [row('first apply', `not measured: ${refusal}`)]
  const folder = join(below, peer.name)
  await mkdir(folder, { recursive: true })
  await peer.write(folder, zones, target)
  takeCalls()
  const apply = await measuredRun(peer.apply, folder, env)
  const applied = takeCalls()
  const failure = failureOf(apply) ?? (await bench.missing?.(folder))
  if (failure !== undefined) return [row('first apply', `failed: ${failure}`, applied)]
  const plans: Run[] = []
  for (let run = 0; run < runs; run++) plans.push(await measuredRun(peer.plan, folder, env))
  const planned = takeCalls()
  const faulty = plans.find((plan) => failureOf(plan) !== undefined || !peer.isUnchanged(plan))
  const result = faulty
    ? `failed: ${failureOf(faulty) ?? `would change what it wrote: ${lastLines(faulty)}`}`
    : mid(plans)
  const each = planned === undefined ? undefined : planned / runs
  return [row('first apply', apply, applied), row('plan, unchanged', result, each)]
}

/** The medians of several runs. */
export function mid(runs: readonly Run[]): { cpu: number; wall: number; memory: number } {
  const of = (part: 'cpu' | 'wall' | 'memory'): number => median(runs.map((run) => run[part]))
  return { cpu: of('cpu'), wall: of('wall'), memory: of('memory') }
}

/** Undefined where it ended well. */
export function failureOf(run: Run): string | undefined {
  return run.code === 0 ? undefined : `exit code ${run.code}: ${lastLines(run)}`
}

function lastLines({ output }: Run): string {
  return output.trim().split('\n').slice(-2).join(' ').replaceAll('|', '\\|').slice(0, 300)
}
