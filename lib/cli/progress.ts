// A progress bar on stderr for people who watch; nothing for pipes and logs.
export type Progress = { advance(by: number): void; stop(): void }

const silent: Progress = { advance() {}, stop() {} }

/** Shown only when `stream` is a terminal. Call `stop` in any case. */
export async function startProgress(
  what: string,
  total: number,
  stream: NodeJS.WriteStream = process.stderr,
): Promise<Progress> {
  if (!stream.isTTY || total === 0) return silent
  const { SingleBar } = (await import('cli-progress')).default
  const bar = new SingleBar({
    format: `${what} {bar} {value}/{total} {eta_formatted}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    stream,
    hideCursor: true,
    clearOnComplete: true,
  })
  bar.start(total, 0)
  return {
    advance: (by) => bar.increment(by),
    stop: () => bar.stop(),
  }
}
