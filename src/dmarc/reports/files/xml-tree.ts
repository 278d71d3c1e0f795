import sax from 'sax'
import { REPORT_LIMITS } from '../limits.js'

/** An element of a report with what is in it; attributes and comments are dropped. */
export interface XmlElement {
  /** Without its prefix. */
  readonly name: string
  readonly text: string
  readonly children: readonly XmlElement[]
}

/** Why a text is not read as XML; a sentence without its end. */
export class XmlFault extends Error {
  override readonly name = 'XmlFault'
}

const PIECE = 64 * 1024
const MAX_INSTRUCTIONS = 10

interface Open {
  readonly name: string
  text: string
  /** Characters of the text, with those that are cut. */
  length: number
  readonly children: Open[]
}

/**
 * Reads XML strictly, and hands over each element right below the root once it is whole, so that a large report is never
 * in memory twice. Gives the name of the root. Elements of another prefix than the root's are extensions, and left out. Texts
 * are cut to {@link REPORT_LIMITS}.
 *
 * Throws {@link XmlFault} where it is not well-formed, has a document type (nothing else can declare entities), is too deep,
 * or has longer texts and more elements, attributes or instructions than a report has; and what `take` throws.
 */
export function readXmlTree(text: string, take: (element: XmlElement, root: string) => void): string {
  const reader = sax.parser(true, { position: true })
  const path: Open[] = []
  let root: { readonly name: string; readonly prefix: string } | undefined
  /** How many elements of an extension are open. */
  let foreign = 0
  let elements = 0
  const fail = (message: string): never => {
    throw new XmlFault(`${message} (line ${reader.line + 1})`)
  }
  const add = (more: string): void => {
    const open = path.at(-1)
    if (open === undefined) return
    open.length += more.length
    if (open.length > REPORT_LIMITS.longText) fail('a text in it is too long')
    if (foreign === 0 && open.text.length < REPORT_LIMITS.text)
      open.text = (open.text + more).slice(0, REPORT_LIMITS.text)
  }
  reader.onerror = (error) => fail(`it is not well-formed XML: ${sentence(error.message)}`)
  reader.ondoctype = () => fail('it has a document type, which no report has and which could hide anything')
  reader.onsgmldeclaration = () => fail('it has a declaration, which no report has')
  // The declaration is one of them.
  let instructions = 0
  reader.onprocessinginstruction = () => {
    instructions += 1
    if (instructions > MAX_INSTRUCTIONS) fail('it has too many processing instructions')
  }
  let attributes = 0
  reader.onopentagstart = () => {
    attributes = 0
  }
  reader.onattribute = () => {
    attributes += 1
    if (attributes > REPORT_LIMITS.attributes) fail('an element in it has too many attributes')
  }
  reader.ontext = add
  reader.oncdata = add
  reader.onopentag = ({ name: written }) => {
    const colon = written.indexOf(':')
    const prefix = written.slice(0, Math.max(0, colon))
    const name = written.slice(colon + 1)
    if (root !== undefined && path.length + foreign === 0) fail('it has more than one root')
    root ??= { name, prefix }
    if (foreign > 0 || prefix !== root.prefix) foreign += 1
    if (path.length + foreign > REPORT_LIMITS.depth) fail('its elements are too deep in one another')
    elements = path.length === 1 && foreign === 0 ? 1 : elements + 1
    if (elements > REPORT_LIMITS.elements) fail('one part of it has too many elements')
    if (foreign === 0) path.push({ name, text: '', length: 0, children: [] })
  }
  reader.onclosetag = () => {
    if (foreign > 0) {
      foreign -= 1
      return
    }
    const closed = path.pop() as Open
    const above = path.at(-1)
    closed.text = closed.text.trim()
    if (path.length === 1) take(closed, root?.name ?? '')
    else above?.children.push(closed)
  }
  // It looks for what is too long only between pieces.
  for (let at = 0; at < text.length; at += PIECE) reader.write(text.slice(at, at + PIECE))
  reader.close()
  return root?.name ?? fail('it is empty')
}

function sentence(message: string): string {
  const [first = ''] = message.split('\n')
  return first.charAt(0).toLowerCase() + first.slice(1)
}
