import { quoted } from '../records/cut.js'
import type { YamlContext } from './context.js'
import { composeDocument } from './document.js'
import { fileKey, includedFile, type YamlFile } from './files.js'
import { YAML_LIMITS } from './limits.js'
import { composeLines } from './lines.js'
import { type Composed, levelsOf, type Places, type PlacesByValue, type Written } from './places.js'
import type { Report } from './report.js'
import type { SourceTexts } from './source-texts.js'
import { parseYaml } from './syntax.js'

/** Makes one value of the files of a spec. */
export class YamlComposition implements YamlContext {
  readonly places: PlacesByValue
  readonly report: Report
  readonly #files: ReadonlyMap<string, YamlFile>
  readonly #texts: SourceTexts
  readonly #composed = new Map<YamlFile, Written>()
  readonly #chain: YamlFile[] = []
  readonly #including = new Set<YamlFile>()
  #nodes = 0
  #full = false

  constructor(files: ReadonlyMap<string, YamlFile>, texts: SourceTexts, report: Report, known?: Composed) {
    this.places = new Map<unknown, Places>(known?.places)
    this.#files = files
    this.#texts = texts
    this.report = report
  }

  lineOf(at: number): number {
    return this.#texts.position(at).line
  }

  get nodes(): number {
    return this.#nodes
  }

  /** What was made, file by file. */
  composed(): Composed {
    const alone = [...this.#composed].filter(([file]) => !this.#including.has(file) && !file.isLines)
    const files = alone.map(
      ([file, written]) =>
        [
          fileKey(file),
          { value: written.value, at: written.at - file.start, text: file.text, nodes: this.#nodesIn(written.value) },
        ] as const,
    )
    return { files: new Map(files), places: this.places }
  }

  /** The spec's own value. */
  composeRoot(path: string): Written {
    const file = this.#files.get(path)
    if (file === undefined) return { value: null, at: 0 }
    if (file.unreadable !== undefined)
      this.report(
        'yaml-unreadable',
        file.start,
        `cannot read the file: ${file.unreadable.reason}`,
        file.unreadable.hint,
      )
    return this.#compose(file)
  }

  #compose(file: YamlFile): Written {
    this.#chain.push(file)
    const written = file.isLines ? composeLines(file, this) : this.#composeContents(file)
    this.#chain.pop()
    this.#composed.set(file, written)
    return written
  }

  #composeContents(file: YamlFile): Written {
    const { json, text, start } = file
    if (json === undefined) return composeDocument(file, this)
    // What is too much has a place, which only the events tell.
    if (this.#nodes + json.nodes > YAML_LIMITS.nodes)
      return composeDocument({ ...file, events: parseYaml(text, start, this.report) }, this)
    this.#nodes += json.nodes
    for (const [part, places] of json.places) this.places.set(part, places)
    return json
  }

  include(from: YamlFile, name: string, levels: number, at: number, isLines = false): Written | undefined {
    this.#including.add(from)
    const wanted = includedFile(from, name, isLines)
    const { shown } = wanted
    const file = this.#files.get(fileKey(wanted))
    if (file === undefined || this.#chain.length >= YAML_LIMITS.levels) {
      this.report('yaml-too-deep', at, `more than ${YAML_LIMITS.levels} files include one another in a chain`)
      return undefined
    }
    if (this.#chain.includes(file)) {
      const cycle = [...this.#chain.slice(this.#chain.indexOf(file)), file].map((member) => member.shown)
      this.report('yaml-include', at, `files include one another in a circle: ${cycle.join(' -> ')}`)
      return undefined
    }
    if (file.unreadable !== undefined) {
      const { reason, hint = 'A file to include is named relative to the file that includes it.' } = file.unreadable
      this.report('yaml-include', at, `cannot include ${quoted(shown)}: ${reason}`, hint)
      return undefined
    }
    const known = this.#composed.get(file)
    const written = known ?? this.#compose(file)
    const fits = this.#fits(written.value, levels, at)
    return fits && (known === undefined || this.count(this.#nodesIn(written.value), at)) ? written : undefined
  }

  count(nodes: number, at: number): boolean {
    if (this.#nodes + nodes <= YAML_LIMITS.nodes) {
      this.#nodes += nodes
      return true
    }
    if (!this.#full) {
      const limit = YAML_LIMITS.nodes.toLocaleString('en')
      this.report(
        'yaml-too-large',
        at,
        `more than ${limit} keys and values once aliases and includes are written out`,
        'Say under defaults what domains have in common, or make two specs of it, each with its own zones.',
      )
    }
    this.#full = true
    return false
  }

  repeat(value: unknown, levels: number, at: number): boolean {
    return this.#fits(value, levels, at) && this.count(this.#nodesIn(value) - 1, at)
  }

  #nodesIn(value: unknown): number {
    return this.places.get(value)?.nodes ?? 1
  }

  #fits(value: unknown, levels: number, at: number): boolean {
    if (levels + levelsOf(value, this.places) <= YAML_LIMITS.levels) return true
    this.report('yaml-too-deep', at, `nested more than ${YAML_LIMITS.levels} levels deep`)
    return false
  }
}
