const grouped = new Intl.NumberFormat('en-US')

/** `1 zone`, `2 zones`, `9,950 zones`. */
export function count(number: number, noun: string, nouns = `${noun}s`): string {
  return `${grouped.format(number)} ${number === 1 ? noun : nouns}`
}
