import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'

/** A node of what a GitHub-flavoured Markdown parser finds. */
export interface Node {
  readonly type: string
  readonly value?: string
  readonly url?: string
  readonly children?: readonly Node[]
}

export function parseGfm(text: string): Node {
  return fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] })
}

/** All nodes of a type, in the order of the text. */
export function nodesOf(node: Node, type: string): Node[] {
  return [...(node.type === type ? [node] : []), ...(node.children ?? []).flatMap((child) => nodesOf(child, type))]
}

/** What is read, without how it looks. */
export function readText(node: Node): string {
  if (node.type === 'html') return node.value === '<br>' ? '\n' : ''
  return node.value ?? (node.children ?? []).map(readText).join('')
}

/** The tables, as rows of cells as they are read. */
export function tablesOf(text: string): string[][][] {
  return nodesOf(parseGfm(text), 'table').map((table) =>
    (table.children ?? []).map((row) => (row.children ?? []).map(readText)),
  )
}
