// Stands in the page for lib/promos/rule-facts.ts: no rule asks for facts here, since every condition is judged in words
// (editor/preview-set.ts).

export const factMemo = {}
export const factsOf = (): [] => []
