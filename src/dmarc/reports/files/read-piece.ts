import { REPORT_LIMITS } from '../limits.js'
import type { AggregateReport } from '../report.js'
import { splitMailbox } from './mailbox.js'
import { NoReport, parseReport } from './parse-report.js'
import { ArchiveFault, unpackGzip, unpackZip } from './unpack.js'
import { XmlFault } from './xml-tree.js'

/** Octets, and where they are from in words: `reports.mbox, message 3, google.zip`. */
export interface Piece {
  readonly label: string
  readonly octets: Uint8Array
}

/** What was found in a file: reports, what is wrong with those that cannot be read, and what is something else. */
export type Found = { readonly label: string } & (
  | { readonly report: AggregateReport }
  | { readonly fault: string }
  /** Why it is taken for something else, as a sentence without its end. */
  | { readonly other: string }
)

/** Where a piece was found, which says what may be in it. */
type Inside = 'file' | 'mailbox' | 'message' | 'archive'

type Kind = 'gzip' | 'zip' | 'xml' | 'mailbox' | 'message' | 'other'

/** Reads everything that is in a piece, by what its octets are and not by its name. Never throws for what is in it. */
export async function* readPiece({ label, octets }: Piece, inside: Inside = 'file'): AsyncGenerator<Found> {
  const kind = kindOf(octets)
  const isArchive = kind === 'gzip' || kind === 'zip'
  const isMail = kind === 'mailbox' || kind === 'message'
  if (inside === 'archive' && isArchive) yield { label, fault: 'it is an archive in an archive' }
  else if (kind === 'xml') yield readXml({ label, octets })
  else if (isArchive) yield* readArchive({ label, octets }, kind)
  else if (isMail && (inside === 'file' || (inside === 'mailbox' && kind === 'message')))
    yield* kind === 'mailbox' ? readMailbox({ label, octets }) : readMessage({ label, octets })
  else yield { label, other: 'it is neither XML, gzip, zip nor mail' }
}

function readXml({ label, octets }: Piece): Found {
  try {
    if (octets.length > REPORT_LIMITS.unpacked) return { label, fault: 'it is larger than any report' }
    return { label, report: parseReport(decoded(octets)) }
  } catch (error) {
    if (error instanceof NoReport) return { label, other: error.message }
    if (error instanceof XmlFault) return { label, fault: error.message }
    throw error
  }
}

async function* readArchive({ label, octets }: Piece, kind: 'gzip' | 'zip'): AsyncGenerator<Found> {
  try {
    for (const { name, octets: unpacked } of await (kind === 'zip' ? unpackZip(octets) : unpackGzip(octets)))
      yield* readPiece({ label: name === '' ? label : `${label}, ${shortName(name)}`, octets: unpacked }, 'archive')
  } catch (error) {
    if (!(error instanceof ArchiveFault)) throw error
    yield { label, fault: error.message }
  }
}

async function* readMailbox({ label, octets }: Piece): AsyncGenerator<Found> {
  let number = 0
  for (const message of splitMailbox(octets)) {
    number += 1
    yield* readMessage({ label: `${label}, message ${number}`, octets: message })
  }
}

/** The reports attached to a message; a message that has none is something else, be it spam or a thank-you. */
async function* readMessage({ label, octets }: Piece): AsyncGenerator<Found> {
  if (octets.length > REPORT_LIMITS.message) {
    yield { label, fault: 'the message is larger than 32 MiB' }
    return
  }
  const { default: PostalMime } = await import('postal-mime')
  let attachments: Awaited<ReturnType<typeof PostalMime.parse>>['attachments']
  try {
    const options = { maxNestingDepth: 20, maxHeadersSize: 512 * 1024, maxRfc822NestingDepth: 3 }
    attachments = (await PostalMime.parse(octets, options)).attachments
  } catch (error) {
    yield { label, fault: `it is no message that can be read: ${(error as Error).message}` }
    return
  }
  if (attachments.length > REPORT_LIMITS.attachments) {
    yield { label, fault: `the message has ${attachments.length} attachments` }
    return
  }
  let isEmpty = true
  for (const { filename, content } of attachments) {
    const piece = { label: `${label}, ${shortName(filename ?? 'an attachment')}`, octets: octetsOf(content) }
    for await (const found of readPiece(piece, 'message')) {
      if ('other' in found) continue
      isEmpty = false
      yield found
    }
  }
  if (isEmpty) yield { label, other: 'no report is attached to it' }
}

function octetsOf(content: ArrayBuffer | Uint8Array | string): Uint8Array {
  return typeof content === 'string' ? Buffer.from(content) : new Uint8Array(content)
}

/** The name that a stranger gave a file, as far as it is of use. */
function shortName(name: string): string {
  return name.length > 120 ? `${name.slice(0, 119)}…` : name
}

/** What it is by its first octets. */
function kindOf(octets: Uint8Array): Kind {
  const [a, b, c, d] = octets
  if (a === 0x1f && b === 0x8b) return 'gzip'
  if (a === 0x50 && b === 0x4b && ((c === 3 && d === 4) || (c === 5 && d === 6))) return 'zip'
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return 'xml'
  const start = Buffer.from(octets.subarray(0, 1024)).toString('latin1')
  if (/^(?:\xef\xbb\xbf)?\s*</.test(start)) return 'xml'
  if (start.startsWith('From ')) return 'mailbox'
  return /^[!-9;-~]{1,76}:[ \t\r\n]/.test(start) ? 'message' : 'other'
}

/** As its first octets, or its XML declaration, say that it is written. */
function decoded(octets: Uint8Array): string {
  const [a, b] = octets
  const start = Buffer.from(octets.subarray(0, 256)).toString('latin1')
  const declared = /^(?:\xef\xbb\xbf)?\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]{1,40})["']/.exec(start)?.[1]
  const encoding = a === 0xff && b === 0xfe ? 'utf-16le' : a === 0xfe && b === 0xff ? 'utf-16be' : (declared ?? 'utf-8')
  try {
    // Some white space before the declaration is a slip that does no harm.
    return new TextDecoder(encoding).decode(octets).trimStart()
  } catch {
    throw new XmlFault(`its encoding ${encoding} is not known`)
  }
}
