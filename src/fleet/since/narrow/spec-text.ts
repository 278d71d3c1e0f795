import { dirname, resolve } from 'node:path'
import { decodeText } from '../../../../yaml/decode-text.js'
import type { SourceTree } from '../../../source-tree.js'
import { blockSection, isUnusual, topParts } from './block-sections.js'
import { jsonParts, jsonSection } from './json-sections.js'
import { besideEntries, type Section, withoutEntries } from './part.js'
import { hasClosedLines } from './plain-lines.js'

/** The parts of a spec that have an entry for each of many names. */
const LONG = ['zones', 'domains'] as const
type Long = (typeof LONG)[number]

interface SpecFile {
  readonly text: string
  readonly sections: readonly (Section & { readonly part: Long })[]
}

/** The text of a spec, and where each zone and each domain is written in it. */
export interface SpecText {
  /** By absolute path: those whose entries are known. Other files may be included beside them. */
  readonly files: ReadonlyMap<string, SpecFile>
  /** The text of each entry, by its key as written. */
  readonly zones: ReadonlyMap<string, string>
  readonly domains: ReadonlyMap<string, string>
}

/**
 * Reads the text of a spec as far as its zones and domains go, without parsing what is in them: block style, `!include`s of such
 * files, or JSON. Undefined where domains may be written in any other way; of zones there are no entries then.
 */
export async function readSpecText(file: string, tree: SourceTree): Promise<SpecText | undefined> {
  const path = resolve(file)
  const text = await textIn(path, tree)
  const parts = text === undefined ? undefined : /^[ \n]*\{/.test(text) ? jsonTop(text) : blockTop(text)
  if (text === undefined || parts === undefined) return undefined
  const files = new Map<string, SpecFile>([[path, { text, sections: parts.sections }]])
  for (const { part, name } of parts.included) {
    const included = resolve(dirname(path), name)
    const own = files.has(included) ? undefined : await textIn(included, tree)
    const section = own === undefined ? undefined : wholeSection(own)
    if (own === undefined || section === undefined) return undefined
    files.set(included, { text: own, sections: [{ ...section, part }] })
  }
  const [zones, domains] = LONG.map((part) => entriesOf(files.values(), part))
  return zones && domains && { files, zones, domains }
}

async function textIn(path: string, tree: SourceTree): Promise<string | undefined> {
  const { text, fault } = decodeText(await tree.read(path))
  return fault === undefined && !isUnusual(text) ? text : undefined
}

interface Top {
  readonly sections: readonly (Section & { readonly part: Long })[]
  readonly included: readonly { readonly part: Long; readonly name: string }[]
}

function blockTop(text: string): Top | undefined {
  const tops = hasClosedLines(text) ? topParts(text) : undefined
  if (tops === undefined) return undefined
  const sections: Top['sections'][number][] = []
  const included: Top['included'][number][] = []
  for (const { key, rest, start, end } of tops) {
    const part = LONG.find((one) => one === key)
    if (part === undefined) continue
    const names = /^!include\b/.test(rest) ? includedNames(`${rest}\n${text.slice(start, end)}`) : undefined
    const section = rest === '' || rest.startsWith('#') ? blockSection(text, start, end) : undefined
    if (names) included.push(...names.map((name) => ({ part, name })))
    else if (section) sections.push({ ...section, part })
    else if (part === 'domains') return undefined
  }
  return { sections, included }
}

function jsonTop(text: string): Top | undefined {
  const top = jsonParts(text, 0)
  if (top === undefined || text.slice(top.end).trim() !== '') return undefined
  const sections: Top['sections'][number][] = []
  for (const { key, valueAt } of top.parts) {
    const part = LONG.find((one) => one === key)
    const section = part && jsonSection(text, valueAt)
    if (part && section) sections.push({ ...section, part })
    else if (part === 'domains') return undefined
  }
  return { sections, included: [] }
}

const FILE_NAME = /[A-Za-z0-9_./-]+/
const ONE = new RegExp(`^!include +(${FILE_NAME.source})\\s*$`)
const LIST = new RegExp(`^!include +\\[\\s*((?:${FILE_NAME.source}\\s*,\\s*)*${FILE_NAME.source}),?\\s*\\]\\s*$`)
const ITEMS = new RegExp(`^!include\\s*\\n((?: *- +${FILE_NAME.source} *\\n)+)\\s*$`)

function includedNames(written: string): string[] | undefined {
  const [, names] = ONE.exec(written) ?? LIST.exec(written) ?? ITEMS.exec(`${written}\n`) ?? []
  return names?.split(/[\s,]+/).filter((name) => name !== '' && name !== '-')
}

/** Of a file that is all one mapping. */
function wholeSection(text: string): Section | undefined {
  if (!/^[ \n]*\{/.test(text)) return hasClosedLines(text) ? blockSection(text) : undefined
  const top = jsonParts(text, 0)
  return top && text.slice(top.end).trim() === '' ? jsonSection(text, 0) : undefined
}

/** Undefined where a key is there twice. */
function entriesOf(files: Iterable<SpecFile>, part: Long): Map<string, string> | undefined {
  const found = new Map<string, string>()
  for (const { text, sections } of files)
    for (const section of sections.filter((one) => one.part === part))
      for (const { key, start, end } of section.entries) {
        if (found.has(key)) return undefined
        found.set(key, text.slice(start, end))
      }
  return found
}

/** The zones and domains that are kept of a spec, by their keys as written. */
export type Kept = Readonly<Record<Long, ReadonlySet<string>>>

/** A tree whose spec has only the entries that are kept, each at its place. */
export function treeOfKept(tree: SourceTree, { files }: SpecText, kept: Kept): SourceTree {
  const texts = new Map<string, Buffer>()
  for (const [path, { text, sections }] of files) {
    texts.set(path, Buffer.from(withoutEntries(text, sections, ({ key }, { part }) => kept[part].has(key))))
  }
  return { ...tree, read: async (path, limit) => texts.get(path) ?? tree.read(path, limit) }
}

/** All that a spec is beside its zones and domains, as it is written. */
export function textBeside({ files }: SpecText): string {
  return [...files.values()].map(({ text, sections }) => besideEntries(text, sections)).join('\n')
}
