import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Writes files below a folder, and the folders they are in. @param texts by path */
export async function writeTexts(folder: string, texts: ReadonlyMap<string, string>): Promise<void> {
  for (const one of new Set([...texts.keys()].map(dirname))) await mkdir(join(folder, one), { recursive: true })
  for (const [path, text] of texts) await writeFile(join(folder, path), text)
}
