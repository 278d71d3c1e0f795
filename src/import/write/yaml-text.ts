import { renderFlow } from '../../../providers/yaml/render.js'
import { inert } from '../../render/inert.js'

/** Plain data as a spec has it. */
export type Plain = string | number | boolean | readonly Plain[] | { readonly [key: string]: Plain | undefined }

const WIDTH = 110

/** YAML on one line: `{ include: [_spf.google.com], all: softfail }`. Keys that are undefined are left out. */
export function flow(value: Plain): string {
  if (typeof value === 'boolean' || typeof value === 'number') return String(value)
  if (typeof value === 'string') return renderFlow(value)
  if (isList(value)) return `[${value.map(flow).join(', ')}]`
  const pairs = entriesOf(value).map(([key, item]) => `${renderFlow(key)}: ${flow(item)}`)
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`
}

/** A key and its value in lines: on one where it fits, else in block style. */
export function keyLines(key: string, value: Plain, indent: number): string[] {
  const head = `${' '.repeat(indent)}${renderFlow(key)}:`
  const one = `${head} ${flow(value)}`
  if (one.length <= WIDTH || typeof value !== 'object') return [one]
  if (isList(value)) return [head, ...value.map((item) => `${' '.repeat(indent + 2)}- ${flow(item)}`)]
  return [head, ...entriesOf(value).flatMap(([name, item]) => keyLines(name, item, indent + 2))]
}

/** A comment, its words wrapped and its lines as they are. Nothing in it can end it or move a cursor. */
export function commentLines(text: string, lines: readonly string[], indent: number): string[] {
  const start = `${' '.repeat(indent)}# `
  const wrapped: string[] = []
  for (const word of inert(text).split(' ')) {
    const last = wrapped.at(-1)
    if (last !== undefined && last.length + word.length < WIDTH) wrapped[wrapped.length - 1] = `${last} ${word}`
    else wrapped.push(`${start}${word}`)
  }
  return [...wrapped, ...lines.map((line) => `${start}  ${inert(line)}`)]
}

function entriesOf(value: { readonly [key: string]: Plain | undefined }): [string, Plain][] {
  return Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, item] as [string, Plain]]))
}

function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value)
}
