import type { Run } from './measured-run.js'
import type { Target } from './target.js'
import type { BenchZone } from './zones.js'

/** A tool that is measured, as it is called here. */
export interface Peer {
  readonly name: 'mailsync' | 'octoDNS' | 'dnscontrol'
  readonly version: string
  /** Program and arguments that print the version. */
  readonly printVersion: readonly string[]
  /** Programs and arguments of a run, in the folder that `write` filled. */
  readonly plan: readonly string[]
  readonly apply: readonly string[]
  /** Why it cannot be measured on a target; undefined where it can. */
  refuses(target: Target['kind']): string | undefined
  /** Fills a folder with its configuration of these zones and, where they are held in files, with what stands in them before. */
  write(folder: string, zones: readonly BenchZone[], target: Target): Promise<void>
  /** Whether a plan found every zone to be as it should be. */
  isUnchanged(plan: Run): boolean
}
