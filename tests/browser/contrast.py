"""How much text stands out from what is behind it."""

from playwright.sync_api import Page

CONTRASTS = """() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = parts(colour).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const shown = (colour) => colour !== "none" && (parts(colour)[3] ?? 1) > 0;
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const frame = at.querySelector?.(":scope > .frame, :scope > circle, :scope.group > rect");
      if (frame && frame !== element && shown(getComputedStyle(frame).fill)) {
        return getComputedStyle(frame).fill;
      }
      const colour = getComputedStyle(at).backgroundColor;
      if (shown(colour)) return colour;
    }
  };
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim()) continue;
    if (element.closest("script, style, title, .hidden, .skip")) continue;
    if (!element.getClientRects().length) continue;
    const style = getComputedStyle(element);
    const ink = light(element.tagName === "text" ? style.fill : style.color);
    const paper = light(behind(element));
    const ratio = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    found.push([ratio, texts.currentNode.data]);
  }
  return found;
}"""


def too_faint(page: Page) -> list[str]:
    """The texts that are shown and stand out too little, by the Web Content Accessibility
    Guidelines, level AA."""
    found = page.evaluate(CONTRASTS)
    assert len(found) > 20
    return [text for ratio, text in found if ratio < 4.5]
