/** How large the words are, for eyes of every age; remembered on this device. */
export type TextSize = 'normal' | 'large' | 'huge';

export const kTextSizes: readonly TextSize[] = ['normal', 'large', 'huge'];

const kStored = 'tongke.text';

export function rememberedTextSize(): TextSize {
  try {
    const stored = localStorage.getItem(kStored);
    return kTextSizes.find((size) => size === stored) ?? 'normal';
  } catch {
    return 'normal'; // storage is refused in some private modes
  }
}

export function applyTextSize(size: TextSize): void {
  document.documentElement.setAttribute('data-text', size);
}

export function chooseTextSize(size: TextSize): void {
  applyTextSize(size);
  try {
    localStorage.setItem(kStored, size);
  } catch {
    // forgotten
  }
}
