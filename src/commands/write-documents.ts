import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Name, withoutDot } from '../../records/rr/name.js'

/** A file that a web server has to give for a name. */
export interface WebDocument {
  readonly host: Name
  /** Without a slash before it. */
  readonly path: string
  readonly text: string
}

/** Writes each document to `<folder>/<host>/<path>`: every folder is what the web server of its name serves. */
export async function writeDocuments(folder: string, documents: readonly WebDocument[]): Promise<void> {
  for (const { host, path, text } of documents) {
    const file = join(folder, withoutDot(host), path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
  }
}
