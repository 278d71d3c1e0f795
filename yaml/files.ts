import { dirname, isAbsolute, join, resolve } from 'node:path'
import { type DocumentDirective, EVENT_ID, type Event, getScalarValue } from 'js-yaml'
import pLimit from 'p-limit'
import { type DecodedText, decodeText } from './decode-text.js'
import { type JsonContents, readJson } from './json.js'
import { YAML_LIMITS } from './limits.js'
import type { Composed } from './places.js'
import { confirmedRepeats, type Repeats, withoutRepeats } from './repeats.js'
import type { Report } from './report.js'
import { tagName } from './scalar.js'
import type { SourceTexts } from './source-texts.js'
import { parseYaml } from './syntax.js'

/** Reads a file by its absolute path; throws as `readFile` of `node:fs/promises` does. */
export type ReadFile = (path: string) => Promise<Uint8Array>

interface FilePath {
  /** Absolute. */
  readonly path: string
  /** As people see it: relative where the spec's own path is. */
  readonly shown: string
  /** Read as lines, not as YAML. */
  readonly isLines?: true
}

/** One file of a spec, parsed and not yet composed. */
export interface YamlFile extends FilePath {
  readonly text: string
  /** Offset of its text in {@link SourceTexts}. */
  readonly start: number
  /** Empty when it was not YAML; that has been reported. */
  readonly events: readonly Event[]
  /** What the events do not tell: entries that say what others say. */
  readonly repeats?: Repeats
  /** What it holds, where it is JSON; it has no events then. */
  readonly json?: JsonContents
  /** Why there is no text. Reported wherever the file is included. */
  readonly unreadable?: Unreadable
}

interface Unreadable {
  readonly reason: string
  /** What to do about it, where that is known. */
  readonly hint?: string
}

/** octoDNS's tag: a file name, or a list of them (octoDNS, docs/include_directive.rst). */
export const INCLUDE_TAG = '!include'

/** A text file as the list of its lines. */
export const LINES_TAG = '!lines'

const OPEN_FILES = 32

/** The file an `!include` means: its path is relative to the file that says so. */
export function includedFile(from: FilePath, name: string, isLines: boolean): FilePath {
  return {
    path: resolve(dirname(from.path), name),
    shown: isAbsolute(name) ? name : join(dirname(from.shown), name),
    ...(isLines && { isLines }),
  }
}

/** Identity of a file and of how it is read. */
export function fileKey({ path, isLines }: FilePath): string {
  return isLines ? `${LINES_TAG} ${path}` : path
}

/** How files are parsed. */
interface Parsing {
  readonly texts: SourceTexts
  readonly report: Report
  readonly known?: Composed | undefined
  /** Whether every entry is parsed, be it what another one says too: as it must be where something is wrong. */
  readonly isWhole: boolean
}

/** Reads a spec and every file it includes, each once, by {@link fileKey}. */
export async function readYamlFiles(
  root: FilePath,
  readFile: ReadFile,
  parsing: Parsing,
): Promise<ReadonlyMap<string, YamlFile>> {
  const files = new Map<string, YamlFile>()
  const limit = pLimit(OPEN_FILES)
  let wanted = new Map([[fileKey(root), root]])
  for (let level = 0; wanted.size > 0 && level < YAML_LIMITS.levels; level++) {
    const found = await Promise.all(Array.from(wanted.values(), (file) => limit(contents, file, readFile)))
    const read = found.map((file) => parsed(file, parsing))
    for (const file of read) files.set(fileKey(file), file)
    wanted = new Map()
    for (const file of read) {
      for (const { name, isLines } of includedNames(file)) {
        const included = includedFile(file, name, isLines)
        const key = fileKey(included)
        if (!files.has(key) && !wanted.has(key)) wanted.set(key, included)
      }
    }
  }
  return files
}

type Contents = FilePath & ((DecodedText & { readonly isLarge: boolean }) | { readonly unreadable: Unreadable })

async function contents(file: FilePath, readFile: ReadFile): Promise<Contents> {
  try {
    const bytes = await readFile(file.path)
    return bytes.length <= YAML_LIMITS.jsonBytes
      ? { ...file, ...decodeText(bytes), isLarge: bytes.length > YAML_LIMITS.fileBytes }
      : { ...file, unreadable: tooLarge(YAML_LIMITS.jsonBytes) }
  } catch (error) {
    const reason = reasonOf(error)
    return { ...file, unreadable: { reason, ...(reason.startsWith(TOO_LARGE) && { hint: IN_PIECES }) } }
  }
}

/** How whoever reads files begins to say so. */
const TOO_LARGE = 'it is larger than'

function tooLarge(limit: number): Unreadable {
  return { reason: `${TOO_LARGE} ${limit / 1024 / 1024} MiB`, hint: IN_PIECES }
}

const IN_PIECES =
  'Divide it: "domains: !include [a.yaml, b.yaml]" takes as many files as there are, each up to that size.'

const REASONS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ENOENT: 'there is no such file',
    EISDIR: 'it is a directory',
    EACCES: 'permission denied',
    ENOTDIR: 'a part of its path is a file, not a directory',
    ELOOP: 'a symbolic link leads back to itself',
  }),
)

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error ? String(error.code) : ''
  return REASONS.get(code) ?? error.message
}

function parsed(file: Contents, { texts, report, known, isWhole }: Parsing): YamlFile {
  const { path, shown, isLines } = file
  const place = { path, shown, ...(isLines && { isLines }) }
  if ('unreadable' in file) {
    return { ...place, text: '', start: texts.add(shown, ''), events: [], unreadable: file.unreadable }
  }
  const { text, fault, isLarge } = file
  const start = texts.add(shown, text)
  if (fault !== undefined) report('yaml-encoding', start + fault.offset, fault.message, fault.hint)
  if (fault !== undefined) return { ...place, text, start, events: [] }
  const before = isLines ? undefined : known?.files.get(fileKey(file))
  if (before?.text === text)
    return { ...place, text, start, events: [], json: { ...before, at: start + before.at, places: new Map() } }
  const json = isLines ? undefined : readJson(text, start)
  if (json !== undefined) return { ...place, text, start, events: [], json }
  if (isLarge) return { ...place, text, start, events: [], unreadable: tooLarge(YAML_LIMITS.fileBytes) }
  if (isLines) return { ...place, text, start, events: [] }
  return { ...place, text, start, ...((!isWhole && eventsOnce(text)) || { events: parseYaml(text, start, report) }) }
}

/** The events of a text without what it repeats; `undefined` where it repeats nothing, or is not what it looks like. */
function eventsOnce(text: string): Pick<YamlFile, 'events' | 'repeats'> | undefined {
  const shortened = withoutRepeats(text)
  if (shortened === undefined) return undefined
  const events = parseYaml(shortened.text, 0, () => {})
  const repeats = confirmedRepeats(shortened, text, events)
  return repeats && { events, repeats }
}

function* includedNames({ text, events }: YamlFile): Iterable<{ readonly name: string; readonly isLines: boolean }> {
  let directives: readonly DocumentDirective[] | undefined
  let inList = false
  for (const event of events) {
    if (event.type === EVENT_ID.DOCUMENT) {
      if (directives !== undefined) return
      directives = event.directives
    } else if (event.type === EVENT_ID.SCALAR || event.type === EVENT_ID.SEQUENCE) {
      const tag = event.tagStart < 0 ? '' : tagName(text.slice(event.tagStart, event.tagEnd), directives ?? [])
      if (event.type === EVENT_ID.SEQUENCE) inList = tag === INCLUDE_TAG
      else if (tag === INCLUDE_TAG || tag === LINES_TAG || inList)
        yield { name: getScalarValue(text, event), isLines: tag === LINES_TAG && !inList }
    } else if (event.type !== EVENT_ID.ALIAS) inList = false
  }
}
