// The notices of the packages that a bundle holds, for the licences ask that they go with it.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Licences that ask for no more than their text and notices. Where a package offers several, one of these is chosen. */
const ALLOWED = new Set(['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'MIT-0'])
const LICENCE = /^(licen[cs]e|copying)([.-].*)?$/i
const NOTICE = /^notice([.-].*)?$/i

/** The folders of the packages of which esbuild put something into a bundle, `node_modules/zod`, in order. */
export function bundledPackages({ outputs }) {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs))
  const folders = inputs.flatMap(([file, { bytesInOutput }]) =>
    bytesInOutput > 0 ? (/^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []) : [],
  )
  return [...new Set(folders)].sort()
}

/**
 * Their names, versions, licences and texts, each text once. A package without the text of its licence has that of a package
 * of the same repository, with its own notices. Throws where there is none either, or a licence is none of those above.
 */
export async function notices(folders) {
  const packages = (await Promise.all(folders.map(readPackage))).sort((a, b) => (a.title < b.title ? -1 : 1))
  const byText = new Map()
  for (const { title, licence: own, notice, origin } of packages) {
    const licence = own || packages.find((other) => other.licence !== '' && other.origin === origin)?.licence
    if (licence === undefined) throw new Error(`${title} may not be bundled: it has no text of its licence`)
    const text = notice === '' ? licence : `${licence}\n\n${notice}`
    byText.set(text, [...(byText.get(text) ?? []), title])
  }
  const parts = [...byText].map(([text, of]) => `${of.join('\n')}\n\n${text}`)
  return ['mailsync is bundled with these packages, whose licences follow.', ...parts].join(`\n\n${'-'.repeat(80)}\n\n`)
}

async function readPackage(folder) {
  const { name, version, license, repository } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  const offered = String(license).replace(/[()]/g, '').split(' OR ')
  const chosen = offered.find((id) => ALLOWED.has(id))
  if (chosen === undefined) throw new Error(`${name} ${version} may not be bundled: its licence is ${license}`)
  const files = (await readdir(folder)).sort()
  const url = repository?.url ?? repository
  return {
    title: `${name} ${version} (${chosen})`,
    licence: await textOf(
      folder,
      files.filter((file) => LICENCE.test(file)),
    ),
    notice: await textOf(
      folder,
      files.filter((file) => NOTICE.test(file)),
    ),
    // Packages that name no repository have none in common.
    origin: url === undefined ? folder : `${chosen} ${url}`,
  }
}

async function textOf(folder, files) {
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))
  return texts.map((text) => text.replaceAll('\r\n', '\n').trim()).join('\n\n')
}
