/** A name as the real service stores it: lower case, every octet but `a`–`z`, `0`–`9`, `-`, `_` and the dots as `\ooo`. */
export function stored(name: string): string {
  const octets = [...name.matchAll(/\\([0-7]{3})|(.)/gs)].map(([, octal, char]) =>
    octal === undefined ? { char: char as string, dot: char === '.' } : { char: chr(octal), dot: false },
  )
  const text = octets.map(({ char, dot }) => (dot ? '.' : escaped(char.toLowerCase()))).join('')
  return text.endsWith('.') ? text : `${text}.`
}

/** What listings are ordered by: the labels reversed. */
export function sortKey(storedName: string): string {
  return `${storedName.split('.').filter(Boolean).reverse().join('.')}.`
}

function chr(octal: string): string {
  return String.fromCharCode(Number.parseInt(octal, 8))
}

function escaped(char: string): string {
  return /[a-z0-9_-]/.test(char) ? char : `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`
}
