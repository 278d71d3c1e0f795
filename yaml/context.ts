import type { YamlFile } from './files.js'
import type { PlacesByValue, Written } from './places.js'
import type { Report } from './report.js'

/** What the documents of one spec share. Every place is an offset into `SourceTexts`. */
export interface YamlContext {
  /** Where the parts of every mapping and list stand. */
  readonly places: PlacesByValue
  readonly report: Report
  /** The 1-based line of a place. */
  lineOf(at: number): number
  /** Nodes so far, with aliases and includes written out. */
  readonly nodes: number
  /** Counts nodes; false, and reported once, when the spec has too many. */
  count(nodes: number, at: number): boolean
  /** Counts a value that is used again inside so many levels; false, and reported, when there it is too much. */
  repeat(value: unknown, levels: number, at: number): boolean
  /** What the file holds that is named at `at`, inside so many levels, or its lines; `undefined`, and reported, when it cannot be had. */
  include(from: YamlFile, name: string, levels: number, at: number, isLines?: boolean): Written | undefined
}
