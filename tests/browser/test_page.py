"""The page that `metaflow-lint graph --output-format html` writes, in a real browser."""

from playwright.sync_api import Page, expect

from .conftest import picture
from .contrast import too_faint


def box(page: Page, id: str):
    """A box of the drawing that is shown."""
    return page.locator(f".view:not([hidden]) a[data-id='{id}']")


def view_box(page: Page) -> list[float]:
    given = page.locator(".view:not([hidden]) .canvas > svg").get_attribute("viewBox")
    return [float(number) for number in given.split()]


def test_from_the_map_to_a_flow_its_steps_and_its_source(page: Page):
    expect(page.get_by_role("heading", name="The map").first).to_be_visible()
    picture(page, "map")
    box(page, "flow_ArxivPapers").click()
    expect(page.locator(".view:not([hidden]) h2")).to_have_text("The steps of ArxivPapers")
    details = page.locator("aside section:not([hidden])")
    expect(details).to_contain_text("The papers of a week.")
    expect(details).to_contain_text("raises papers")
    box(page, "flow_ArxivPapers__start").click()
    expect(details.locator("h2")).to_have_text("start")
    expect(details).to_contain_text("Fetch them.")
    picture(page, "step")
    details.get_by_role("link", name="papers/flow.py:14").click()
    line = page.locator("li.chosen")
    expect(line).to_have_text("    def start(self):")
    expect(line).to_be_in_viewport()
    picture(page, "source")
    page.get_by_role("button", name="Back").click()
    expect(page.locator(".view:not([hidden]) h2")).to_have_text("The steps of ArxivPapers")
    page.go_back()
    expect(line).to_be_visible()
    page.get_by_role("link", name="The map").click()
    expect(box(page, "flow_ArxivPapers")).to_be_visible()


def test_events_and_files_say_who_is_at_their_ends(page: Page):
    box(page, "event_topics").click()
    details = page.locator("aside section:not([hidden])")
    expect(details).to_contain_text("raised by nothing here")
    expect(details).to_contain_text("starts Labels")
    expect(box(page, "event_topics")).to_have_class("box event loose chosen")
    box(page, "file_report_py").click()
    expect(details).to_contain_text("reads results of Labels")
    details.get_by_role("link", name="Labels").click()
    expect(details).to_contain_text("MF101")


def test_it_is_zoomed_and_moved_by_mouse(page: Page):
    left, top, width, height = view_box(page)
    page.get_by_role("button", name="Zoom in").first.click()
    assert view_box(page)[2] < width
    page.get_by_role("button", name="Show all of it").first.click()
    assert view_box(page) == [left, top, width, height]
    place = box(page, "flow_Labels").bounding_box()
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    page.mouse.move(x, y)
    page.mouse.wheel(0, -300)
    page.wait_for_function(
        "scale => +document.querySelector('.canvas > svg')"
        ".getAttribute('viewBox').split(' ')[2] < scale",
        arg=width,
    )
    near = box(page, "flow_Labels").bounding_box()
    assert near["x"] < x < near["x"] + near["width"]
    assert near["y"] < y < near["y"] + near["height"]
    before = view_box(page)
    page.mouse.down()
    page.mouse.move(x - 80, y - 40, steps=4)
    page.mouse.up()
    after = view_box(page)
    assert after[0] > before[0]
    assert after[1] > before[1]
    assert after[2:] == before[2:]
    # A drag that began on a flow does not open it.
    expect(page.locator(".view:not([hidden]) h2")).to_have_text("The map")


def test_it_is_used_by_keyboard_alone(page: Page):
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the drawing")).to_be_focused()
    page.locator(".view:not([hidden]) .canvas").focus()
    _, _, width, _ = view_box(page)
    page.keyboard.press("+")
    assert view_box(page)[2] < width
    page.keyboard.press("ArrowRight")
    page.keyboard.press("0")
    assert view_box(page)[2] == width
    for _ in range(12):
        page.keyboard.press("+")
    seen = []
    for _ in range(len(page.query_selector_all(".view:not([hidden]) a[data-id]"))):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        seen.append(focused.get_attribute("data-id"))
        place, around = focused.bounding_box(), page.locator(".canvas").first.bounding_box()
        assert place["x"] + place["width"] > around["x"]
        assert place["x"] < around["x"] + around["width"]
    assert {"flow_Labels", "event_papers", "file_report_py"} <= set(seen)
    picture(page, "keyboard")
    page.locator(":focus").press("0")
    box(page, "flow_ArxivTopics").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".view:not([hidden]) h2")).to_have_text("The steps of ArxivTopics")


def test_all_text_stands_out_from_what_is_behind_it(page: Page):
    """By the Web Content Accessibility Guidelines, level AA."""
    for id in ("map", "flow_Labels", "flow_Labels__start", "event_topics", "source0-3"):
        page.evaluate(f"location.hash = '{id}'")
        page.wait_for_timeout(50)
        assert too_faint(page) == []


OVERHANGING = """() => [...document.querySelectorAll('.view:not([hidden]) .box')].flatMap((box) => {
  const frame = box.querySelector('.frame').getBBox();
  return [...box.querySelectorAll(':scope > text')]
    .filter((text) => {
      const place = text.getBBox();
      return place.x < frame.x || place.x + place.width > frame.x + frame.width
        || place.y < frame.y || place.y + place.height > frame.y + frame.height;
    })
    .map((text) => text.textContent);
})"""


def test_all_text_is_inside_its_box(page: Page):
    for id in ("map", "flow_Labels", "flow_ArxivTopics"):
        page.evaluate(f"location.hash = '{id}'")
        page.wait_for_timeout(50)
        assert page.evaluate(OVERHANGING) == []


def test_a_narrow_window_shows_all_of_it_below_each_other(page: Page):
    page.set_viewport_size({"width": 480, "height": 900})
    page.reload()
    for part in ("nav", "main", "aside"):
        place = page.locator(part).bounding_box()
        assert place["x"] >= 0
        assert place["width"] <= 480
    picture(page, "narrow")
