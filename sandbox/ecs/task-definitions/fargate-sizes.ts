/** CPU units of a Fargate task and the MiB that go with them (developer guide, "Task CPU and memory"). */
const sizes: Record<number, { from: number; to: number; step: number }> = {
  512: { from: 1024, to: 4096, step: 1024 },
  1024: { from: 2048, to: 8192, step: 1024 },
  2048: { from: 4096, to: 16_384, step: 1024 },
  4096: { from: 8192, to: 30_720, step: 1024 },
  8192: { from: 16_384, to: 61_440, step: 4096 },
  16384: { from: 32_768, to: 122_880, step: 8192 },
};

export function isFargateSize(cpu: number, memory: number): boolean {
  if (cpu === 256) return [512, 1024, 2048].includes(memory);
  const size = sizes[cpu];
  return (
    size !== undefined && memory >= size.from && memory <= size.to && (memory - size.from) % size.step === 0
  );
}
