/** What other processes of the machine cost us: time on the clock by time on the processor; 1: nothing. */
export function measureSlowness(): number {
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  const cpuMs = () => process.cpuUsage(cpu).user / 1000;
  while (cpuMs() < 50);
  return Math.max(1, (performance.now() - began) / cpuMs());
}
