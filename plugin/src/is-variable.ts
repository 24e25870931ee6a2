/** Whether the value is only known once the dashboard's variables are. */
export function isVariable(value: string): boolean {
  return /\$\w|\$\{|\[\[/.test(value);
}
