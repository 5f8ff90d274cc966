export const sleep: {
  openUnits(request: never, context: never): Promise<{ readonly count: number; run(unit: number): Promise<void> }>;
};
export const resultOf: (name: string, unit: number) => { readonly unit: number; readonly value: string };
