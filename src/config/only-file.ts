import { resolve } from 'node:path'

/** Reads a spec whose text is at hand: there is no other file. */
export function onlyFile(file: string, text: string): (path: string) => Promise<Uint8Array> {
  return async (path) => {
    if (resolve(path) === resolve(file)) return Buffer.from(text)
    throw Object.assign(new Error(`${path} is not there`), { code: 'ENOENT' })
  }
}
