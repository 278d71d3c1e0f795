import { type Certificate, casesOf, groundOf } from '../../conformance/certificates.js'

const BEGIN = '<!-- made by npm run certify -->'
const END = '<!-- end of the certificates -->'

/** README with the table of these certificates between its marks. Throws where it has none. */
export function withCertificates(readme: string, certificates: readonly Certificate[]): string {
  const [before, after] = [readme.indexOf(BEGIN), readme.indexOf(END)]
  if (before < 0 || after < before) throw new Error(`README has no ${BEGIN} … ${END}`)
  return `${readme.slice(0, before + BEGIN.length)}\n${tableOf(certificates)}\n${readme.slice(after)}`
}

function tableOf(certificates: readonly Certificate[]): string {
  const rows = certificates.map((certificate) => {
    const { class: type, passed, rejected, skipped, date } = certificate
    const cells = [`\`${type}\``, groundOf(certificate), `${passed} of ${casesOf(certificate)}`]
    return [...cells, Object.keys(rejected).length, Object.keys(skipped).length, date]
  })
  return [['class', 'on', 'passed', 'cannot hold', 'left out', 'date'], Array(6).fill('---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}
