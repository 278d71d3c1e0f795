export function toCommonJs(folder: string): Promise<void>
