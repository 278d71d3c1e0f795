import { resolve } from 'node:path'
import type { SpecPath } from '../records/finding.js'
import { YamlComposition } from './compose.js'
import { type ReadFile, readYamlFiles } from './files.js'
import { type Composed, placeOf } from './places.js'
import type { PlacedProblem } from './report.js'
import { type Position, SourceTexts } from './source-texts.js'

export type { Position } from './source-texts.js'

/** Something wrong with the text of a spec, whatever it means. The `rule` is one of the `yaml-…` ids. */
export interface YamlProblem {
  readonly rule: string
  readonly severity: 'error' | 'warning'
  readonly message: string
  readonly hint?: string
  readonly where: Position
}

/** A spec as plain data, and where each part of it is written. */
export interface YamlSource {
  /**
   * Mappings (which inherit nothing; keys are always text), lists, strings, numbers, booleans and `null`. An alias is the
   * same object again. What a problem stands in the way of is `null`, or missing.
   */
  readonly value: unknown
  /** What each file came to, for another time when some of them have the same text. */
  readonly composed: Composed
  /** In the order of the text; those of included files follow. */
  readonly problems: readonly YamlProblem[]
  /**
   * Where the value (or its key) at a path is written, be it in another file or behind an alias or merge. The value of an
   * empty key is where the key is. Of a path that does not exist: where its last part that does is named.
   */
  locate(path: SpecPath, at?: 'key' | 'value'): Position
}

/**
 * Reads a YAML file and what it includes (`!include`, as in octoDNS). Never throws for what a file holds or lacks: every
 * problem is in `problems`.
 *
 * @param file path as people should see it; included files are shown relative to it
 * @param readFile reads a file by its absolute path, and throws as `readFile` of `node:fs/promises` does
 * @param known what files came to before, none of them with a problem; what has the same text is the same object
 */
export async function readYaml(file: string, readFile: ReadFile, known?: Composed): Promise<YamlSource> {
  const found = new Map<string, ReturnType<ReadFile>>()
  const readOnce: ReadFile = (path) => {
    const bytes = found.get(path) ?? readFile(path)
    found.set(path, bytes)
    return bytes
  }
  const { source, hasRepeats } = await compose(file, readOnce, false, known)
  // What is wrong with an entry is wrong with all that repeat it, each at its place.
  if (source.problems.length === 0 || !hasRepeats) return source
  return (await compose(file, readOnce, true, known)).source
}

async function compose(
  file: string,
  readFile: ReadFile,
  isWhole: boolean,
  known: Composed | undefined,
): Promise<{ readonly source: YamlSource; readonly hasRepeats: boolean }> {
  const texts = new SourceTexts()
  const placed: PlacedProblem[] = []
  const report = (rule: PlacedProblem['rule'], at: number, message: string, hint?: string) =>
    void placed.push({ rule, at, message, ...(hint !== undefined && { hint }) })

  const path = resolve(file)
  const files = await readYamlFiles({ path, shown: file }, readFile, { texts, report, known, isWhole })
  const composition = new YamlComposition(files, texts, report, known)
  const { value, at: valueAt } = composition.composeRoot(path)
  const { places } = composition
  const source: YamlSource = {
    value,
    composed: composition.composed(),
    problems: placed
      .sort((one, other) => one.at - other.at)
      .map(({ at, ...problem }) => ({ ...problem, severity: 'error', where: texts.position(at) })),
    locate: (path, at = 'value') => texts.position(placeOf({ value, at: valueAt }, places, path, at)),
  }
  return { source, hasRepeats: [...files.values()].some(({ repeats }) => repeats !== undefined) }
}
