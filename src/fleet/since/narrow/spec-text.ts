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

interface Included {
  readonly part: Long
  readonly name: string
}

/** The text of a spec, and where each zone and each domain is written in it. */
export interface SpecText {
  /** By absolute path: those whose entries are known. Other files may be included beside them. */
  readonly files: ReadonlyMap<string, SpecFile>
  /** The files that the first one includes, in order. */
  readonly included: readonly Included[]
  /** The text of each entry, by its key as written. */
  readonly zones: ReadonlyMap<string, string>
  readonly domains: ReadonlyMap<string, string>
}

/**
 * Reads the text of a spec as far as its zones and domains go, without parsing what is in them: block style, `!include`s of such
 * files, or JSON. Undefined where domains may be written in any other way; of zones there are no entries then.
 *
 * @param known what was found in the same files at another time: a text that is the same is not looked through again
 */
export async function readSpecText(file: string, tree: SourceTree, known?: SpecText): Promise<SpecText | undefined> {
  const path = resolve(file)
  const text = await textIn(path, tree)
  const same = known?.files.get(path)
  const top = known && same?.text === text ? { ...same, included: known.included } : topOf(text)
  if (top === undefined) return undefined
  const { included, sections } = top
  const paths = included.map(({ name }) => resolve(dirname(path), name))
  if (new Set([path, ...paths]).size <= paths.length) return undefined
  const texts = await Promise.all(paths.map((one) => textIn(one, tree)))
  const files = new Map<string, SpecFile>([[path, { text, sections }]])
  for (const [index, { part }] of included.entries()) {
    const [at, own] = [paths[index] as string, texts[index] as string]
    const before = known?.files.get(at)
    const section = before?.text === own ? before.sections[0] : wholeSection(own)
    if (section === undefined) return undefined
    files.set(at, { text: own, sections: [{ ...section, part }] })
  }
  const [zones, domains] = LONG.map((part) => entriesOf(files.values(), part))
  return zones && domains && { files, included, zones, domains }
}

/** What is no text is told by whoever reads all of it: here it is one that is not looked through. */
async function textIn(path: string, tree: SourceTree): Promise<string> {
  const { text, fault } = decodeText(await tree.read(path))
  return fault === undefined ? text : '\0'
}

interface Top {
  readonly sections: readonly (Section & { readonly part: Long })[]
  readonly included: readonly Included[]
}

function topOf(text: string): Top | undefined {
  if (isUnusual(text)) return undefined
  return isJson(text) ? jsonTop(text) : blockTop(text)
}

function isJson(text: string): boolean {
  return /^[ \n]*\{/.test(text)
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
  if (isUnusual(text)) return undefined
  if (!isJson(text)) return hasClosedLines(text) ? blockSection(text) : undefined
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
