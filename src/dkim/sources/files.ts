import { type Name, withoutDot } from '../../../records/rr/name.js'
import { recordInFile } from './key-file.js'
import type { KeysOf, SourceContext } from './source.js'

/** Keys in files that the spec names. */
export function fileKeys({ options, pathOf }: SourceContext): KeysOf {
  const files = Object.entries(options.files as Readonly<Record<string, string>>)
  return (domain: Name) =>
    Promise.all(
      files.map(async ([selector, file]) => ({
        selector,
        txt: await recordInFile(pathOf(file.replaceAll('%d', withoutDot(domain)))),
      })),
    )
}
