import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { REPORT_LIMITS } from '../limits.js'

/** Why an archive is not read; a sentence without its end. */
export class ArchiveFault extends Error {
  override readonly name = 'ArchiveFault'
}

interface Unpacked {
  /** As the archive has it; empty for gzip. */
  readonly name: string
  readonly octets: Uint8Array
}

const MIB = 1024 * 1024

/** What is in a gzip file. Throws {@link ArchiveFault}. */
export async function unpackGzip(octets: Uint8Array): Promise<Unpacked[]> {
  const limit = roomFor(octets)
  try {
    return [{ name: '', octets: await promisify(gunzip)(octets, { maxOutputLength: limit }) }]
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw code === 'ERR_BUFFER_TOO_LARGE' ? bomb(limit) : new ArchiveFault(`it is damaged gzip: ${message}`)
  }
}

/** The files in a zip archive, by its own directory. Throws {@link ArchiveFault}. */
export async function unpackZip(octets: Uint8Array): Promise<Unpacked[]> {
  const { default: yauzl } = await import('yauzl')
  const limit = roomFor(octets)
  try {
    const archive = await yauzl.fromBufferPromise(Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength))
    if (archive.entryCount > REPORT_LIMITS.entriesOfArchive)
      throw new ArchiveFault(
        `it has ${archive.entryCount} files, and ${REPORT_LIMITS.entriesOfArchive} are read at most`,
      )
    const found: Unpacked[] = []
    let left = limit
    for await (const entry of archive.eachEntry()) {
      if (entry.fileName.endsWith('/')) continue
      if (entry.isEncrypted()) throw new ArchiveFault('it is encrypted')
      if (entry.uncompressedSize > left) throw bomb(limit)
      const read = await upTo(await archive.openReadStreamPromise(entry), left, limit)
      left -= read.length
      found.push({ name: entry.fileName, octets: read })
    }
    return found
  } catch (error) {
    if (error instanceof ArchiveFault) throw error
    throw new ArchiveFault(`it is a damaged zip archive: ${(error as Error).message}`)
  }
}

/** However much the directory says that there is. */
async function upTo(stream: Readable, left: number, limit: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of stream as AsyncIterable<Uint8Array>) {
    length += piece.length
    if (length > left) throw bomb(limit)
    pieces.push(piece)
  }
  return Buffer.concat(pieces, length)
}

function roomFor({ length }: Uint8Array): number {
  return Math.min(REPORT_LIMITS.unpacked, MIB + length * REPORT_LIMITS.ratio)
}

function bomb(limit: number): ArchiveFault {
  return new ArchiveFault(`it unpacks to more than ${Math.floor(limit / MIB)} MiB, which no report of its size does`)
}
