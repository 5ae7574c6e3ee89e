/** A remote has arrows and one button: up and down walk through everything that can be chosen,
 *  left and right stay with the lesson (or move within a menu as before). */
export function startRemote(): () => void {
  const onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    const all = Array.from(document.querySelectorAll<HTMLElement>('button:not(:disabled), a[href], input:not(:disabled)')).filter((one) => one.offsetWidth > 0);
    if (all.length === 0) return;
    const at = all.findIndex((one) => one === document.activeElement);
    const step = event.key === 'ArrowDown' ? 1 : -1;
    all[at < 0 ? 0 : (at + step + all.length) % all.length]?.focus();
    event.preventDefault();
  };
  document.addEventListener('keydown', onKey);
  return () => document.removeEventListener('keydown', onKey);
}
