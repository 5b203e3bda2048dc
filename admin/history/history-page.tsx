export const HistoryPage = (_: { id?: string; from?: string }) => <p>…</p>
