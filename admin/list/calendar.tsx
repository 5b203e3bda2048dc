export const Calendar = (_: { id?: string; from?: string }) => <p>…</p>
