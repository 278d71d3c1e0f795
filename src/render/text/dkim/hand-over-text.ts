import type { PlacedFile } from '../../../dkim/hand-over/place-files.js'
import type { HandedFile, SignerFormat } from '../../../dkim/hand-over/signer-format.js'
import type { HandedDomain } from '../../../dkim/hand-over/signing-keys.js'
import { inert } from '../../inert.js'
import { count } from '../../words.js'

/** What signs for each domain, and each file with its mode, its owner and what became of it; never what is in a file. */
export function listingText(
  domains: readonly HandedDomain[],
  files: readonly HandedFile[],
  placed: readonly PlacedFile[] | undefined,
  { user }: SignerFormat,
): string {
  const signing = domains
    .filter(({ signers }) => signers.length > 0)
    .map(({ name, signers }) => `${name}  ${signers.map((one) => `${one.selector} (${one.key.algorithm})`).join(', ')}`)
  const changes = new Map(placed?.map(({ path, change }) => [path, change]))
  const width = (user ?? '').length
  const rows = files.map(({ path, kind }) => {
    const mode = kind === 'private' ? '0600' : kind === 'program' ? '0755' : '0644'
    const owner = (kind === 'private' ? (user ?? '') : '').padEnd(width)
    const change = changes.get(path)
    return [mode, ...(width > 0 ? [owner] : []), path, ...(change === undefined ? [] : [change])].join('  ')
  })
  const removed = placed?.filter(({ change }) => change === 'removed').map(({ path }) => `removed  ${path}`) ?? []
  return `${[...signing, '', ...rows, ...removed].map(inert).join('\n')}\n`
}

/** What is left to be done. */
export function nextText({
  format,
  files,
  placed,
  folder,
  place,
  isOwned,
}: {
  readonly format: SignerFormat
  readonly files: readonly HandedFile[]
  /** Undefined where files were only listed. */
  readonly placed: readonly PlacedFile[] | undefined
  readonly folder: string
  /** As the signer sees it. */
  readonly place: string
  /** Whether private keys have the owner they need. */
  readonly isOwned: boolean
}): string {
  if (placed === undefined) return `Nothing was written; --out DIR writes it, for instance --out ${format.place}.\n`
  const changed = placed.filter(({ change }) => change !== 'same').length
  const lines = [
    changed === 0
      ? `${folder} is as it should be; nothing was written.`
      : `${count(changed, 'file')} changed in ${folder}.`,
  ]
  if (!isOwned) {
    const folders = [
      ...new Set(files.filter(({ kind }) => kind === 'private').map(({ path }) => path.replace(/\/[^/]*$/, ''))),
    ]
    lines.push(`Private keys have to be ${format.user}'s. As root, on the machine of the signer:`)
    for (const one of folders) {
      const at = quoted(`${format.isMounted === true ? folder : place}/${one}`)
      lines.push(`  chown root:${format.user} ${at} && chown ${format.user}:${format.user} ${at}/*`)
    }
  }
  const isKey = new Set(files.filter(({ kind }) => kind === 'private').map(({ path }) => path))
  if (placed.some(({ path, change }) => change === 'new' && !isKey.has(path))) lines.push(`Once: ${format.once(place)}`)
  if (changed > 0 || !isOwned) lines.push(`Then: ${format.reload}`)
  return lines.map((line) => `${line}\n`).join('')
}

function quoted(path: string): string {
  return /^[\w/.-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}
