import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const LICENSE_FILES = /^(?:licen[cs]e|copying|notice)(?:[.-]|$)/i
const RULE = '='.repeat(80)

/**
 * Writes THIRD-PARTY-LICENSES beside a bundle: each package that is in it, with its version, below the text of its license
 * and its notices; a text that several share is there once. Throws where a package has no text, as nobody may then pass
 * the bundle on.
 *
 * @param metafile what esbuild tells of the bundle
 */
export async function writeLicenses(metafile, folder) {
  const packages = await Promise.all([...packageFolders(metafile)].sort().map(packageIn))
  const sharers = new Map()
  for (const one of packages) {
    const text = one.text || siblingText(one, packages)
    sharers.set(text, [...(sharers.get(text) ?? []), `${one.name} ${one.version} (${one.license})`])
  }
  const head =
    'mailsync contains these packages, in the files of this folder. Each is under the license below its name.\n'
  const parts = [...sharers].map(([text, names]) => `${RULE}\n${[...new Set(names)].join('\n')}\n${RULE}\n\n${text}\n`)
  await writeFile(join(folder, 'THIRD-PARTY-LICENSES'), [head, ...parts].join('\n'))
}

/** The folders of the packages of which something is in the bundle. */
function packageFolders({ outputs }) {
  const files = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  )
  return new Set(files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file) ?? []))
}

async function packageIn(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  const files = (await readdir(folder)).filter((file) => LICENSE_FILES.test(file)).sort()
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))
  return { name, version, license, text: texts.map((text) => text.replaceAll('\r\n', '\n').trim()).join('\n\n') }
}

/** Some packages of the AWS SDK leave out the file that the others of their repository have (2026-11). */
function siblingText({ name, license }, packages) {
  const scope = /^@[^/]+\//.exec(name)?.[0]
  const sibling = packages.find((one) => scope && one.name.startsWith(scope) && one.license === license && one.text)
  if (!sibling) throw new Error(`the package ${name} has no text of its license, so it cannot be bundled`)
  return sibling.text
}
