import type { Locate } from '../../problem.js'
import type { ZoneFinding, ZoneTask } from './task.js'

/** Looks at zones without their providers: only what is not seen to be as wanted is left to those. */
export interface ZoneObserver {
  /** Zones that it looks at at the same time. */
  readonly parallel: number
  /** What is found of a zone that is as the spec wants it; undefined where its provider has to be asked. */
  look(task: ZoneTask, locate: Locate, signal: AbortSignal): Promise<ZoneFinding | undefined>
  /** Takes what the provider showed of a zone that was left to it. */
  confirm(task: ZoneTask, finding: ZoneFinding): void
}
