import { KINDS, type Kind } from './fleets.js'
import { STAGES, type Stage, secondsOfStages } from './stages.js'

/** Above it, a stage grows faster than n log n does between the sizes that are measured (1.11), and than noise explains. */
export const MOST = 1.15
/** Shorter times say more about the clock, and about code that is not compiled yet. */
const LEAST_SECONDS = 0.05

/** How a stage grows with one list of a spec: `t ~ n ** exponent`; `undefined` where it takes no time that could be measured. */
export interface Growth {
  readonly kind: string
  readonly stage: Stage
  readonly sizes: readonly number[]
  readonly seconds: readonly number[]
  readonly exponent: number | undefined
  /** The same between the two largest sizes alone, where what grows fast shows first. */
  readonly lastExponent: number | undefined
}

/** Measures each stage of a run at each size of each kind. */
export async function* measureGrowth(kinds: readonly Kind[] = KINDS): AsyncGenerator<Growth> {
  for (const { name, sizes, fleet } of kinds) {
    await secondsOfStages(fleet(sizes[0] ?? 1))
    const times: Record<Stage, number>[] = []
    for (const size of sizes) times.push(await secondsOfStages(fleet(size)))
    for (const stage of STAGES) {
      const seconds = times.map((one) => one[stage])
      yield {
        kind: name,
        stage,
        sizes,
        seconds,
        exponent: exponentOf(sizes, seconds, 3),
        lastExponent: exponentOf(sizes.slice(-2), seconds.slice(-2), 2),
      }
    }
  }
}

/** The slope of log t over log n, by least squares; `undefined` where fewer than `least` times are long enough. */
function exponentOf(sizes: readonly number[], seconds: readonly number[], least: number): number | undefined {
  const points = sizes.flatMap((size, index) => {
    const time = seconds[index] ?? 0
    return time < LEAST_SECONDS ? [] : [{ x: Math.log(size), y: Math.log(time) }]
  })
  if (points.length < least) return undefined
  const mean = (of: (point: { x: number; y: number }) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)]
  return mean((point) => (point.x - x) * (point.y - y)) / mean((point) => (point.x - x) ** 2)
}
