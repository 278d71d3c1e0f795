import { platform } from 'node:os'
import { join } from 'node:path'
import { keyId } from '../../../records/families/dkim/dkim-key.js'
import type { SourceTree } from '../../source-tree.js'
import type { KeyFinding } from './key-finding.js'
import type { IndexEntry } from './key-index.js'

/**
 * What is wrong with the private key files among `names` in `folder`, whose index holds `entries`; undefined where that cannot be read:
 * then nobody knows which files it tells of.
 */
export function checkKeyFiles(
  folder: string,
  names: readonly string[],
  entries: readonly IndexEntry[] | undefined,
  { modeOf }: Pick<SourceTree, 'modeOf'>,
): KeyFinding[] {
  const findings: KeyFinding[] = []
  for (const name of names) {
    const isSealed = name.endsWith('.pem.age')
    if ((!isSealed && !name.endsWith('.pem')) || name.startsWith('.')) continue
    const file = join(folder, name)
    const mode = modeOf(file)
    if (!isSealed && (mode & 0o077) !== 0 && platform() !== 'win32')
      findings.push({
        rule: 'dkim-key-readable',
        severity: 'warning',
        file,
        message: `the private key is open to other users (mode ${(mode & 0o777).toString(8).padStart(4, '0')})`,
        hint: `chmod 600 ${file}`,
      })
    if (entries?.some((key) => `${keyId(key)}.pem${isSealed ? '.age' : ''}` === name) === false)
      findings.push({
        rule: 'dkim-key-stray',
        severity: 'warning',
        file,
        message: 'the private key is not in the index of its domain, so it is not published',
        hint: 'generating keys again takes it up if the spec wants its selector; otherwise move it away',
      })
  }
  return findings
}
